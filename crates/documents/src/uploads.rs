//! Files on their way in: the tus protocol 1.0 (<https://tus.io/protocols/resumable-upload>), and the same in one step.
//!
//! Always holds: what came is durable before it is counted; the last piece counts only together with the document that it
//! completes, so an upload that was cut off at any moment is taken up where it stands; a file that is refused is gone.

pub mod arrival;
pub mod incoming;
pub mod metadata;
pub mod service;
pub mod store;

/// Addresses that take a file and not a form.
pub fn takes_file(path: &str) -> bool {
    path == "/api/documents" || path == "/api/records/upload" || path.starts_with("/api/uploads/")
}
