//! Word processors' files: harmless or not, and their text. Cells of a table are parted by tabs, pages by form feeds.

pub mod doc;
pub mod docx;
mod fields;
mod inner;
pub mod packed;
pub mod rtf;
mod xml;
