//! Puts the house together: configuration, command line, router, border, web app.
//!
//! Always holds: every request passes `border`, which knows the caller before any handler runs; nothing is listened to
//! on a network without TLS unless somebody said so; settings and options that nobody knows are errors; no log line
//! carries a path, a name or a value of a record. Deliberately absent: rules about health data (`consent`, `records`)
//! and about who somebody is (`identity`).

pub mod api;
mod apps;
mod border;
pub mod cli;
pub mod config;
pub mod cosigning;
mod demo;
mod deputy;
pub mod desk;
mod face;
pub mod house;
pub mod listen;
pub mod log;
pub mod openapi;
pub mod people;
mod plain;
mod proxies;
pub mod retention;
pub mod router;
mod say;
mod tls;
mod web;
pub mod witness;
pub mod work;
