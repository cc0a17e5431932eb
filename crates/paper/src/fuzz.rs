//! Doors for the fuzz targets: each reader by itself, with nothing before it and without the programs of others.

use crate::kind::Kind;
use crate::page::{Page, Source};
use crate::pdf::{check, layer};
use crate::reading::Order;
use crate::{heic, labs, ocr, picture, suggest};

const MAX_PAGES: u32 = 500;

pub fn pdf(bytes: &[u8]) {
    let _ = check::look_at_all(bytes);
}

/// Looked into, and its first page made as small as a list shows it.
pub fn picture(bytes: &[u8], kind: Kind) {
    let _ = picture::check(bytes, kind, MAX_PAGES);
    if let Some(picture) = picture::decode(bytes, kind, 1) {
        assert_eq!(picture.points.len(), picture.width * picture.height * 3);
        assert!(picture.narrowed(100).turned(90).jpeg().is_some());
    }
}

/// What is judged of a photograph before its program sees it.
pub fn photograph(bytes: &[u8]) {
    if heic::begins(bytes) {
        for (width, height) in heic::sizes(bytes) {
            let _ = picture::bearable(width, height);
        }
    }
}

/// What `pdftotext` says of somebody's file.
pub fn layer(said: &str) {
    let mut pages = layer::parse(said);
    pages.retain(layer::is_readable);
    understood(&pages);
}

/// What Tesseract says of somebody's picture.
pub fn letters(said: &str) {
    let lines = ocr::lines(said);
    let page = Page { number: 1, source: Source::Ocr, width: 2121.0, height: 3000.0, turned: 0, skew: 1.5, lines };
    understood(&[page]);
}

fn understood(pages: &[Page]) {
    for order in [Order::DayFirst, Order::MonthFirst] {
        let _ = suggest::suggest(pages, order);
        for value in labs::propose(pages, order) {
            assert!((0.0..=1.0).contains(&value.confidence), "{}", value.confidence);
        }
    }
}
