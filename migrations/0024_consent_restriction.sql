-- Records whose patient has paused all sharing: while a row stands, no grant, link or app of theirs opens anything. That it
-- began and ended stays in the ledger.
CREATE TABLE restriction (patient INTEGER PRIMARY KEY, since INTEGER NOT NULL);
