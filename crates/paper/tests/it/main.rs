//! One program for all of them: each one more is compiled and linked for itself.

mod carried;
mod hostile;
mod laboratory;
mod letters;
mod mutation;
mod support;
