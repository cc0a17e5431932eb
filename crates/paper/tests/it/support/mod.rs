//! Files for tests, made by hand.
#![expect(clippy::unwrap_used, reason = "what cannot be made ends the test")]

pub mod mutated;

use std::io::{Cursor, Write};

pub fn pdf(pages: usize) -> Vec<u8> {
    pdf_with(pages, b"")
}

/// A PDF with so many empty pages and more objects, without a table of places, which readers make themselves.
pub fn pdf_with(pages: usize, extra: &[u8]) -> Vec<u8> {
    let kids: String = (0..pages).map(|n| format!("{} 0 R ", n + 100)).collect();
    let mut out = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n".to_vec();
    out.extend(format!("2 0 obj << /Type /Pages /Kids [{kids}] /Count {pages} >> endobj\n").bytes());
    for n in 0..pages {
        out.extend(
            format!("{} 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj\n", n + 100).bytes(),
        );
    }
    out.extend_from_slice(extra);
    out.extend(b"\ntrailer << /Root 1 0 R /Size 4 >>\nstartxref\n0\n%%EOF\n");
    out
}

pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &[u8] = br#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

pub fn docx(extra: &[(&str, &[u8])]) -> Vec<u8> {
    let body: &[u8] = b"<w:document><w:body><w:p><w:r><w:t>Hello</w:t></w:r></w:p></w:body></w:document>";
    archive(&[&[("[Content_Types].xml", TYPES), ("word/document.xml", body)], extra].concat())
}

pub fn docx_of(body: &[u8]) -> Vec<u8> {
    archive(&[("[Content_Types].xml", TYPES), ("word/document.xml", body)])
}

/// A file of the old kind with these streams.
pub fn ole(streams: &[&str]) -> Vec<u8> {
    ole_of(&streams.iter().map(|name| (*name, b"content".as_slice())).collect::<Vec<_>>())
}

pub fn ole_of(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        if let Some((folder, _)) = name.rsplit_once('/') {
            file.create_storage_all(folder).unwrap();
        }
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.into_inner().into_inner()
}

/// A Word 97 document of this text, in one piece of two-byte letters.
pub fn word(text: &str) -> Vec<u8> {
    let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let count = u32::try_from(letters.len() / 2).unwrap();
    let mut head = vec![0u8; 0x400];
    head[0..2].copy_from_slice(&0xA5ECu16.to_le_bytes());
    head[0x0A..0x0C].copy_from_slice(&0x0200u16.to_le_bytes());
    head[0x01A2..0x01A6].copy_from_slice(&0u32.to_le_bytes());
    head[0x01A6..0x01AA].copy_from_slice(&21u32.to_le_bytes());
    head.extend_from_slice(&letters);
    let mut table = vec![2u8];
    table.extend(16u32.to_le_bytes());
    table.extend(0u32.to_le_bytes());
    table.extend(count.to_le_bytes());
    table.extend([0, 0]);
    table.extend(0x400u32.to_le_bytes());
    table.extend([0, 0]);
    ole_of(&[("WordDocument", &head), ("1Table", &table)])
}

pub fn jpeg() -> Vec<u8> {
    let points: Vec<u8> = (0..64 * 48 * 3).map(|n| (n % 251) as u8).collect();
    let mut out = Vec::new();
    jpeg_encoder::Encoder::new(&mut out, 80).encode(&points, 64, 48, jpeg_encoder::ColorType::Rgb).unwrap();
    out
}

pub fn png() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 16, 16);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(&[128; 16 * 16 * 4]).unwrap();
    out
}

/// A PNG that promises a picture of this size and has none.
pub fn png_head(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    out.extend(width.to_be_bytes());
    out.extend(height.to_be_bytes());
    out.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    out
}

/// A TIFF of one bit a point, white, in one strip; only as many points as fit into a small file.
pub fn tiff(width: u32, height: u32) -> Vec<u8> {
    let strip = (width.div_ceil(8) as usize * height as usize).min(4096);
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let entries: [(u16, u16, u32); 8] = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 1),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8 + 2 + 8 * 12 + 4),
        (278, 4, height),
        (279, 4, u32::try_from(strip).unwrap()),
    ];
    out.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(1u32.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out.extend(vec![0xAA; strip]);
    out
}
