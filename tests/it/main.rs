//! The application as its callers see it, over HTTP: one folder for each room, one file for each resource and verb.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod chance;
mod consent;
mod documents;
mod exchange;
mod identity;
mod plain;
mod process;
mod records;
mod server;
mod vault;
