//! Files made to do harm, or to be taken for something else.

use crate::support::{archive, docx, ole, packed, pdf, pdf_with, png_head, word};
use paper::{Kind, Reason, Wishes, check};
use std::time::{Duration, Instant};

fn reason(bytes: &[u8]) -> Option<Reason> {
    check(bytes, None, 500).err().map(|refusal| refusal.reason)
}

#[test]
fn an_ordinary_pdf_is_taken_in_and_its_pages_are_counted() {
    let checked = check(&pdf(3), Some("report.pdf"), 500).unwrap();
    assert_eq!((checked.media_type, checked.pages), ("application/pdf", 3));
}

#[test]
fn a_pdf_that_does_something_is_refused_however_it_is_written() {
    for (extra, wanted) in [
        ("7 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj", Reason::PdfScript),
        ("7 0 obj << /S /J#61vaScript /J#53 (x) >> endobj", Reason::PdfScript),
        ("7 0 obj\n<</Names 8 0 R/#4aavaScript 9 0 R>>\nendobj", Reason::PdfScript),
        ("7 0 obj [ << /A << /K [ << /JS 9 0 R >> ] >> >> ] endobj", Reason::PdfScript),
        ("7 0 obj << /XFA 9 0 R >> endobj", Reason::PdfScript),
        ("7 0 obj << /S /Launch /F (cmd.exe) >> endobj", Reason::PdfLaunch),
        ("7 0 obj << /S/L#61unch /Win << /F (cmd.exe) >> >> endobj", Reason::PdfLaunch),
        ("7 0 obj << /Type /Filespec /EF << /F 9 0 R >> >> endobj", Reason::PdfEmbedded),
        ("7 0 obj << /Type /EmbeddedFile /Length 0 >> stream\nendstream endobj", Reason::PdfEmbedded),
        ("7 0 obj << /Subtype /RichMedia >> endobj", Reason::PdfEmbedded),
        ("7 0 obj << /OpenAction << /S /URI /URI (http://x.example) >> >> endobj", Reason::PdfLaunch),
        (
            "7 0 obj << /OpenAction 8 0 R >> endobj 8 0 obj << /S /U#52I /URI (http://x.example) >> endobj",
            Reason::PdfLaunch,
        ),
        (
            "7 0 obj << /AA << /O 8 0 R >> >> endobj 8 0 obj << /S /GoTo /Next 9 0 R >> endobj 9 0 obj <</S/SubmitForm>> endobj",
            Reason::PdfLaunch,
        ),
        ("7 0 obj << /OpenAction << /S 8 0 R /URI (x) >> >> endobj 8 0 obj /U#52I endobj", Reason::PdfLaunch),
        ("7 0 obj << /OpenAction << /S 8 0 R /URI (x) >> >> endobj", Reason::PdfLaunch),
        ("7 0 obj << /OpenAction << /S /GoTo /S /URI /URI (x) >> >> endobj", Reason::PdfLaunch),
        ("7 0 obj << /OpenAction << /S /Thread /F (x.pdf) /D 0 >> >> endobj", Reason::PdfLaunch),
        ("7 0 obj << /Subtype /Form /Ref << /F (x.pdf) /Page 0 >> >> stream\nendstream endobj", Reason::PdfLaunch),
        ("7 0 obj << /Subtype 8 0 R /BBox [0 0 1 1] /Ref 9 0 R >> stream\nendstream endobj", Reason::PdfLaunch),
        ("7 0 obj << /Length 0 /F (x) >> stream\nendstream endobj", Reason::PdfLaunch),
        ("7 0 obj << /Length 0 /F 8 0 R >> stream\nendstream endobj", Reason::PdfLaunch),
        ("trailer << /Encrypt 9 0 R /Root 1 0 R >>", Reason::Protected),
        ("7 0 obj % a comment\n << % another >>\n /JS (x) >> endobj", Reason::PdfScript),
        (
            "7 0 obj << /Subtype /Image /Width 100000 /Height 100000 >> stream\nendstream endobj",
            Reason::TooLargePicture,
        ),
    ] {
        assert_eq!(reason(&pdf_with(1, extra.as_bytes())), Some(wanted), "{extra}");
    }
}

#[test]
fn what_only_looks_so_is_no_reason() {
    for extra in [
        "7 0 obj (a text about /JavaScript and /Launch) endobj",
        "7 0 obj << /A << /S /URI /URI (http://pressed.example) >> >> endobj",
        "7 0 obj << /OpenAction [3 0 R /FitH 800] >> endobj",
        "7 0 obj << /OpenAction << /S 8 0 R /D [3 0 R /Fit] >> >> endobj 8 0 obj /GoTo endobj",
        "7 0 obj << /OpenAction << /S /Thread /D 0 >> >> endobj",
        "7 0 obj << /Subtype /Link /F 4 >> endobj 8 0 obj << /Type /StructElem /Ref [9 0 R] >> endobj",
        "7 0 obj << /Length 0 /F /AHx >> stream\nendstream endobj",
        "7 0 obj << /OpenAction << /S /GoTo /D [3 0 R /Fit] >> >> endobj",
    ] {
        assert_eq!(reason(&pdf_with(1, extra.as_bytes())), None, "{extra}");
    }
}

/// Without a memory of where it was this takes a hundred to the power of five steps.
#[test]
fn actions_that_lead_to_each_other_in_many_ways_are_gone_through_once() {
    let next = |to: u32| (0..100).map(|n| format!("/K{n} {to} 0 R ")).collect::<String>();
    let mut extra = "7 0 obj << /OpenAction 20 0 R >> endobj\n".to_owned();
    for n in 20..25 {
        extra += &format!("{n} 0 obj << /S /GoTo {} >> endobj\n", next(n + 1));
    }
    assert_eq!(reason(&pdf_with(1, format!("{extra}25 0 obj << /S /GoTo >> endobj").as_bytes())), None);
    let leaving = format!("{extra}25 0 obj << /S /URI /URI (http://x.example) >> endobj");
    assert_eq!(reason(&pdf_with(1, leaving.as_bytes())), Some(Reason::PdfLaunch));
}

#[test]
fn a_script_inside_a_packed_object_stream_is_found() {
    let inner = b"7 0 8 40 << /Type /Outlines /Padding (abc) >>   << /S /JavaScript /JS (x) >>";
    for head in ["/Type /ObjStm", "/Type /Obj#53tm", ""] {
        let data = packed(inner);
        let mut extra =
            format!("9 0 obj << {head} /N 2 /First 9 /Filter /FlateDecode /Length {} >> stream\n", data.len())
                .into_bytes();
        extra.extend_from_slice(&data);
        extra.extend_from_slice(b"\nendstream endobj");
        assert_eq!(reason(&pdf_with(1, &extra)), Some(Reason::PdfScript), "{head}");
    }
    // The length says nothing: readers look for the end themselves.
    let data = packed(inner);
    let mut extra = b"9 0 obj << /N 2 /First 9 /Filter [/Fl] /Length 3 >> stream\r\n".to_vec();
    extra.extend_from_slice(&data);
    assert_eq!(reason(&pdf_with(1, &extra)), Some(Reason::PdfScript));
    // Packed in letters around it.
    let hex: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    let extra =
        format!("9 0 obj << /N 2 /First 9 /Filter [/ASCIIHexDecode /FlateDecode] >> stream\n{hex}>\nendstream endobj");
    assert_eq!(reason(&pdf_with(1, extra.as_bytes())), Some(Reason::PdfScript));
    // Packed in a way that is not read: nothing can be said about it.
    let extra = b"9 0 obj << /N 2 /First 9 /Filter /Crypt >> stream\nabc\nendstream endobj";
    assert_eq!(reason(&pdf_with(1, extra)), Some(Reason::Damaged));
}

#[test]
fn a_pdf_that_unpacks_without_end_is_a_bomb() {
    let mut extra = b"9 0 obj << /Filter [/FlateDecode /FlateDecode] >> stream\n".to_vec();
    extra.extend_from_slice(&packed(&packed(&vec![0; 600 << 20])));
    extra.extend_from_slice(b"\nendstream endobj");
    assert!(extra.len() < 100_000);
    let begun = std::time::Instant::now();
    assert_eq!(reason(&pdf_with(1, &extra)), Some(Reason::Bomb));
    assert!(begun.elapsed().as_secs() < 20);
}

#[test]
fn a_pdf_made_to_be_looked_through_without_end_ends() {
    let mut extra = b"9 0 obj ".to_vec();
    extra.extend(b"obj(".repeat(400_000));
    let begun = std::time::Instant::now();
    assert_eq!(reason(&pdf_with(1, &extra)), Some(Reason::Damaged));
    let mut deep = b"9 0 obj ".to_vec();
    deep.extend(b"[<<".repeat(300_000));
    assert!(reason(&pdf_with(1, &deep)).is_none_or(|reason| reason == Reason::Damaged));
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

#[test]
fn more_pages_than_allowed_are_refused() {
    assert_eq!(check(&pdf(10_001), None, 500).unwrap_err().reason, Reason::TooManyPages);
    assert_eq!(check(&pdf(4), None, 3).unwrap_err().reason, Reason::TooManyPages);
}

#[test]
fn a_truncated_pdf_is_refused_or_has_fewer_pages() {
    let whole = pdf(5);
    for part in 1..20 {
        let cut = &whole[..whole.len() * part / 20];
        match check(cut, None, 500) {
            Ok(checked) => assert!(checked.pages <= 5),
            Err(refusal) => assert!(matches!(refusal.reason, Reason::Damaged | Reason::UnknownType), "{refusal:?}"),
        }
    }
}

#[test]
fn two_kinds_in_one_file_are_refused() {
    let zip = archive(&[("a.class", b"code")]);
    let joined = |parts: &[&[u8]]| parts.concat();
    let jpeg = crate::support::jpeg();
    for (name, bytes) in [
        ("html before a pdf", joined(&[b"<html><script>x</script>", &pdf(1)])),
        ("text before a pdf", joined(&[b"hello ", &pdf(1)])),
        ("program before a pdf", joined(&[b"MZ\x90\0\x03\0\0\0", &pdf(1)])),
        ("archive behind a pdf", joined(&[&pdf(1), &zip])),
        ("archive behind a jpeg", joined(&[&jpeg, &zip])),
        ("archive behind a png", joined(&[&crate::support::png(), &zip])),
        ("script behind a png", joined(&[&crate::support::png(), b"<script>alert(1)</script>"])),
        ("pdf in a jpeg", joined(&[&jpeg[..20], b"%PDF-1.4 ", &jpeg[20..]])),
        ("something before a docx", joined(&[b"GIF89a", &docx(&[])])),
        ("something behind a docx", joined(&[&docx(&[]), b"behind"])),
    ] {
        let refused = reason(&bytes);
        assert!(matches!(refused, Some(Reason::Polyglot | Reason::UnknownType)), "{name}: {refused:?}");
    }
}

#[test]
fn a_program_behind_a_pdf_is_refused_and_a_few_bytes_more_are_not() {
    for tail in [
        &b"#!/bin/sh\nrm -rf /"[..],
        b"MZ\x90\0",
        b"\0\0\x7fELF\x02",
        b"xx MZ\x90\0 \0\0 PE\0\0",
        b"junk\n<HTML><body>",
        b"<?php system(1); ?>",
        b"<script>alert(1)</script>\n%%EOF\n",
        b"some junk\n#!/bin/sh",
    ] {
        let bytes = [pdf(1).as_slice(), tail].concat();
        assert_eq!(reason(&bytes), Some(Reason::Polyglot), "{}", String::from_utf8_lossy(tail));
    }
    let later = pdf(1);
    for tail in [&b"\r\n\0\0\0\0  "[..], &b"0000".repeat(50), b"9 0 obj << /A 1 >> endobj\n%%EOF\n", &later[9..]] {
        assert_eq!(reason(&[pdf(1).as_slice(), tail].concat()), None, "{}", String::from_utf8_lossy(tail));
    }
}

#[test]
fn what_is_no_document_is_unknown_whatever_its_name() {
    for bytes in [
        &b"MZ\x90\0\x03"[..],
        b"\x7fELF\x02\x01",
        b"#!/bin/sh\nrm -rf /",
        b"<html></html>",
        b"\0\0\0\x20ftypmp42",
        b"GIF89a\x01\0\x01\0\0\0\0",
    ] {
        for name in ["report.pdf", "photo.jpg", "letter.docx", "notes.txt"] {
            assert_eq!(check(bytes, Some(name), 500).unwrap_err().reason, Reason::UnknownType, "{name}");
        }
    }
    assert_eq!(reason(b""), Some(Reason::Empty));
    assert_eq!(check(b"Hb 13.2 g/dL", Some("report.txt.exe"), 500).unwrap_err().reason, Reason::UnknownType);
    assert_eq!(check(&pdf(1), Some("report.js"), 500).unwrap_err().reason, Reason::UnknownType);
}

#[test]
fn the_content_decides_and_not_the_name() {
    assert_eq!(check(&pdf(1), Some("photo.jpg"), 500).unwrap().media_type, "application/pdf");
    assert_eq!(check(&crate::support::jpeg(), Some("scan.pdf"), 500).unwrap().media_type, "image/jpeg");
    assert_eq!(check(b"Hb 13.2 g/dL", Some("x.doc"), 500).unwrap().media_type, "text/plain");
}

#[test]
fn office_files_with_programs_are_refused() {
    for extra in [
        vec![("word/vbaProject.bin", &b"x"[..])],
        vec![("word/embeddings/oleObject1.bin", &b"x"[..])],
        vec![("word/activeX/activeX1.xml", &b"<a/>"[..])],
        vec![(
            "word/_rels/settings.xml.rels",
            &br#"<Relationships><Relationship Type="http://x/attachedTemplate" Target="http://x.example/a.dotm" TargetMode="External"/></Relationships>"#[..],
        )],
        vec![("word/footer1.xml", &br#"<w:p><w:instrText> DDEAUTO c:\\cmd.exe </w:instrText></w:p>"#[..])],
    ] {
        assert_eq!(reason(&docx(&extra)), Some(Reason::Macros), "{}", extra[0].0);
    }
    let types = br#"<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#;
    assert_eq!(
        reason(&archive(&[("[Content_Types].xml", types), ("word/document.xml", b"<a/>")])),
        Some(Reason::Macros)
    );
    assert_eq!(reason(&ole(&["WordDocument", "Macros/VBA/dir"])), Some(Reason::Macros));
    assert_eq!(reason(&ole(&["WordDocument", "ObjectPool/_1/\u{1}Ole10Native"])), Some(Reason::Macros));
    assert_eq!(reason(&ole(&["EncryptedPackage", "EncryptionInfo"])), Some(Reason::Protected));
    assert_eq!(reason(&ole(&["Workbook"])), Some(Reason::UnknownType));
    for rtf in [
        r"{\rtf1 {\object\objemb{\*\objdata 0105}}}",
        r"{\rtf1 {\field{\*\fldinst DDEAUTO cmd}}}",
        r"{\rtf1{\*\template http://x.example/a.dotm}}",
    ] {
        assert_eq!(reason(rtf.as_bytes()), Some(Reason::Macros), "{rtf}");
    }
}

#[test]
fn a_docx_that_declares_entities_is_refused() {
    for part in [
        r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:t>&x;</w:t>"#,
        r#"<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:t>&b;</w:t>"#,
        r#"<!DOCTYPE a SYSTEM "http://x.example/a.dtd"><w:t>a</w:t>"#,
        r"<w:t>&unknown;</w:t>",
    ] {
        assert_eq!(reason(&docx(&[("word/header1.xml", part.as_bytes())])), Some(Reason::Bomb), "{part}");
    }
}

#[test]
fn a_docx_that_unpacks_without_end_is_a_bomb() {
    let zeros = vec![b' '; 80 << 20];
    assert_eq!(reason(&docx(&[("word/media/image1.png", &zeros)])), Some(Reason::Bomb));
    let many: Vec<(String, Vec<u8>)> =
        (0..60).map(|n| (format!("word/media/{n}.xml"), vec![b' '; 3_900_000])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    assert_eq!(reason(&docx(&many)), Some(Reason::Bomb));
}

#[test]
fn a_picture_of_ten_thousand_million_points_is_refused_by_its_head() {
    let begun = std::time::Instant::now();
    assert_eq!(reason(&png_head(100_000, 100_000)), Some(Reason::TooLargePicture));
    let mut jpeg = crate::support::jpeg();
    let at = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    jpeg[at + 5..at + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(reason(&jpeg), Some(Reason::TooLargePicture));
    assert_eq!(reason(&crate::support::tiff(100_000, 100_000)), Some(Reason::TooLargePicture));
    assert!(begun.elapsed().as_millis() < 500);
}

#[test]
fn a_picture_that_ends_early_is_damaged() {
    for whole in [crate::support::jpeg(), crate::support::png(), crate::support::tiff(40, 30)] {
        assert_eq!(reason(&whole), None);
        for part in 1..10 {
            let cut = &whole[..whole.len() * part / 10];
            assert!(
                matches!(reason(cut), Some(Reason::Damaged | Reason::UnknownType | Reason::TooLargePicture)),
                "{part}"
            );
        }
    }
}

#[test]
fn a_photograph_that_broke_off_is_damaged_and_what_telephones_put_behind_one_does_no_harm() {
    let noise = |n: usize| (n as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0];
    let points: Vec<u8> = (0..320 * 240 * 3).map(noise).collect();
    for progressive in [false, true] {
        let mut whole = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut whole, 90);
        encoder.set_progressive(progressive);
        encoder.set_restart_interval(7);
        encoder.encode(&points, 320, 240, jpeg_encoder::ColorType::Rgb).unwrap();
        assert_eq!(reason(&whole), None);
        for part in [30, 50, 90, 99] {
            assert_eq!(reason(&whole[..whole.len() * part / 100]), Some(Reason::Damaged), "{part} %");
        }
        assert_eq!(reason(&whole[..whole.len() - 2]), Some(Reason::Damaged), "without its end");
        let half = whole[..whole.len() / 2].to_vec();
        assert_eq!(reason(&[whole.clone(), half].concat()), None, "the second picture broke off");
    }
}

#[test]
fn the_text_of_word_processors_is_read_with_its_tables() {
    let read = |bytes: &[u8], kind| paper::read(bytes, kind, &paper::Wishes::default()).unwrap();
    let body = br#"<w:document><w:body><w:p><w:r><w:t>Collected: 04/03/2026</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>SGPT (ALT)</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>42</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>IU/L</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>5 - 40 &amp; more</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"#;
    let reading = read(&crate::support::docx_of(body), paper::Kind::Docx);
    let value = &reading.values[0];
    assert_eq!((value.code, value.value.as_deref(), value.unit), ("1742-6", Some("42"), Some("U/L")));
    assert_eq!((value.date.as_deref(), value.place), (Some("2026-03-04"), None));
    let rtf = br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\trowd Kreatinin\cell 84\cell \'b5mol/L\cell 45 \u8211- 84\cell\row}";
    let value = &read(rtf, paper::Kind::Rtf).values[0];
    assert_eq!((value.code, value.value.as_deref(), value.high.as_deref()), ("14682-9", Some("84"), Some("84")));
    let doc = word("Haemoglobin\u{7}13.2\u{7}g/dL\u{7}\u{7}TSH\u{7}2.4\u{7}\u{b5}IU/mL\u{7}\u{7}");
    assert_eq!(check(&doc, None, 500).unwrap().media_type, "application/msword");
    let codes: Vec<_> = read(&doc, paper::Kind::Doc).values.iter().map(|value| value.code).collect();
    assert_eq!(codes, ["718-7", "3016-3"]);
}

/// Each of these took more than a minute when every word was compared with every other of its row.
#[test]
fn a_row_without_end_is_read_in_time_that_grows_with_its_length() {
    for (row, times) in [
        ("5 ", 300_000),
        ("Glucose 5.4 ", 60_000),
        ("Pt 12 ", 60_000),
        ("Pt 12\n", 60_000),
        ("Urine\t", 60_000),
        ("Glucose 5.4 mmol/L\nUrine\n", 20_000),
    ] {
        let begun = Instant::now();
        paper::read(row.repeat(times).as_bytes(), Kind::Text, &Wishes::default()).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(20), "{row:?}: {:?}", begun.elapsed());
    }
}
