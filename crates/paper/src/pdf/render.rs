//! Pages of a PDF as pictures.

use crate::picture::Gray;
use crate::programs::{self, ProgramError};

/// The page in grey, its longer side this many dots.
pub fn gray(bytes: &[u8], page: u32, longest: u32) -> Result<Gray, ProgramError> {
    let (page, longest) = (page.to_string(), longest.to_string());
    let said = programs::run("pdftoppm", &["-gray", "-f", &page, "-l", &page, "-scale-to", &longest, "-"], bytes)?;
    Gray::from_pgm(&said).ok_or(ProgramError::Failed("pdftoppm"))
}

/// The page as a JPEG of this width.
pub fn jpeg(bytes: &[u8], page: u32, width: u32) -> Result<Vec<u8>, ProgramError> {
    let (page, width) = (page.to_string(), width.to_string());
    let size = ["-scale-to-x", &width, "-scale-to-y", "-1"];
    let before = ["-jpeg", "-jpegopt", "quality=84", "-f", &page, "-l", &page];
    let arguments: Vec<&str> = before.into_iter().chain(size).chain(["-"]).collect();
    let said = programs::run("pdftoppm", &arguments, bytes)?;
    if said.is_empty() { Err(ProgramError::Failed("pdftoppm")) } else { Ok(said) }
}
