//! The tests of the whole application: one binary, `it`, with a folder for each room.
