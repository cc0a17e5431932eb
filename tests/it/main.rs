//! The application as its callers see it, over HTTP: one folder for each room, one file for each resource and verb.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod consent;
mod identity;
mod records;
mod server;
