mod card;
pub mod client;
mod ips;
mod links;
mod summary;
