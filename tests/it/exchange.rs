mod card;
mod client;
mod ips;
mod links;
mod summary;
