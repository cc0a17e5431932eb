mod card;
pub mod client;
mod denied;
mod ips;
mod links;
mod summary;
