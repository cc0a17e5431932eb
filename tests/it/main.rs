//! The application as its callers see it, over HTTP: one folder for each room, one file for each resource and verb.
