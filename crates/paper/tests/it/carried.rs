//! What office files carry, start or fetch without saying so.

use crate::support::{archive, docx, word};
use paper::{Reason, check};

fn reason(bytes: &[u8]) -> Option<Reason> {
    check(bytes, None, 500).err().map(|refusal| refusal.reason)
}

fn with_body(body: &str) -> Option<Reason> {
    reason(&docx(&[("word/footnotes.xml", body.as_bytes())]))
}

fn with_relationship(attributes: &str) -> Option<Reason> {
    let part = format!("<Relationships><Relationship Id=\"r9\" {attributes}/></Relationships>");
    reason(&docx(&[("word/_rels/document.xml.rels", part.as_bytes())]))
}

fn field(pieces: &[&str]) -> String {
    let runs: String = pieces.iter().map(|piece| format!("<w:r><w:instrText>{piece}</w:instrText></w:r>")).collect();
    format!("<w:p><w:fldChar w:fldCharType=\"begin\"/>{runs}<w:fldChar w:fldCharType=\"end\"/></w:p>")
}

#[test]
fn a_field_that_reaches_out_is_found_in_however_many_pieces_it_is() {
    for pieces in [
        &["DDEAUTO c:\\cmd.exe"][..],
        &["D", "DEAUTO c:\\cmd.exe"],
        &["D&#68;", "EAUTO x"],
        &["INCLUDETEXT \"http://x.example/a.docx\""],
        &[" includepicture ", "\"\\\\x.example\\a.png\""],
        &["LINK Excel.Sheet.8 x"],
    ] {
        assert_eq!(with_body(&field(pieces)), Some(Reason::Macros), "{pieces:?}");
    }
    assert_eq!(with_body("<w:p><w:fldSimple w:instr=\"&#68;DE x y\"/></w:p>"), Some(Reason::Macros));
    assert_eq!(with_body("<w:p><w:fldSimple x:instr=\"PAGE\" w:instr=\"DDE x\"/></w:p>"), Some(Reason::Damaged));
    for pieces in [&["PAGE"][..], &["HYPER", "LINK \"http://x.example\""], &["TOC \\o", " LINK"]] {
        assert_eq!(with_body(&field(pieces)), None, "{pieces:?}");
    }
}

#[test]
fn a_relationship_to_an_object_or_to_elsewhere_is_refused_whatever_its_target_is_called() {
    for attributes in [
        r#"Type="http://x/relationships/oleObject" Target="embeddings/thing.dat""#,
        r#"Type="http://x/relationships/ole&#79;bject" Target="thing.dat""#,
        r#"Type="http://x/relationships/control" Target="thing.xml""#,
        r#"Type="http://x/relationships/image" Target="\\x.example\share\x.png" TargetMode="External""#,
        r#"Type="http://x/relationships/image" Target="file:///c:/x.png" TargetMode="External""#,
        r#"Type="http://x/relationships/image" Target="http://x.example/x.png" TargetMode="External""#,
        r#"Type="http://x/relationships/image" Target="https://x.example/x.png""#,
    ] {
        assert_eq!(with_relationship(attributes), Some(Reason::Macros), "{attributes}");
    }
    for attributes in [
        r#"Type="http://x/relationships/hyperlink" Target="https://x.example" TargetMode="External""#,
        r#"Type="http://x/relationships/image" Target="media/image1.png""#,
    ] {
        assert_eq!(with_relationship(attributes), None, "{attributes}");
    }
}

#[test]
fn a_part_that_is_a_program_or_a_file_of_the_old_kind_is_refused_whatever_it_is_called() {
    for (name, content) in [
        ("word/media/x.exe", &b"nothing"[..]),
        ("word/media/image1.png", b"MZ\x90\0"),
        ("word/media/image1.png", b"\x7fELF\x02\x01"),
        ("word/thing.dat", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        ("word/embeddings/thing.dat", b"whatever"),
    ] {
        assert_eq!(reason(&docx(&[(name, content)])), Some(Reason::Macros), "{name}");
    }
    assert_eq!(reason(&docx(&[("word/media/image1.svg", b"<svg/>"), ("word/media/image2.emf", b"\x01\0\0\0")])), None);
}

#[test]
fn a_workbook_behind_a_chart_is_taken_in_and_one_with_a_program_is_not() {
    let types = |kind: &str| format!("<Types><Override ContentType=\"application/vnd.{kind}\"/></Types>");
    let plain = types("openxmlformats-officedocument.spreadsheetml.sheet.main+xml");
    let book = |types: &str, extra: &[(&str, &[u8])]| {
        let inner = archive(&[&[("[Content_Types].xml", types.as_bytes())], extra].concat());
        reason(&docx(&[("word/embeddings/Workbook1.xlsx", &inner)]))
    };
    assert_eq!(book(&plain, &[("xl/workbook.xml", b"<a/>")]), None);
    assert_eq!(book(&plain, &[("xl/vbaProject.bin", b"x")]), Some(Reason::Macros));
    assert_eq!(book(&plain, &[("xl/thing.dat", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")]), Some(Reason::Macros));
    assert_eq!(book(&plain, &[("xl/a.zip", &archive(&[("a", b"b")]))]), Some(Reason::Macros));
    assert_eq!(book(&types("ms-excel.sheet.macroEnabled.main+xml"), &[]), Some(Reason::Macros));
    assert_eq!(book(&types("visio.drawing.main+xml"), &[]), Some(Reason::Macros));
    let inner = archive(&[("[Content_Types].xml", plain.as_bytes())]);
    assert_eq!(reason(&docx(&[("word/embeddings/Workbook1.xlsm", &inner)])), Some(Reason::Macros));
}

#[test]
fn packages_inside_share_the_limit_of_what_may_be_unpacked() {
    let spaces = vec![b' '; 3_900_000];
    let parts: Vec<(String, &[u8])> = (0..15).map(|n| (format!("xl/{n}.xml"), spaces.as_slice())).collect();
    let types = br#"<Types><Override ContentType="application/spreadsheetml.sheet.main+xml"/></Types>"#;
    let mut all: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    all.push(("[Content_Types].xml", types));
    let book = archive(&all);
    let books: Vec<String> = (0..5).map(|n| format!("word/embeddings/{n}.xlsx")).collect();
    let books: Vec<(&str, &[u8])> = books.iter().map(|name| (name.as_str(), book.as_slice())).collect();
    assert_eq!(reason(&docx(&books[..1])), None);
    assert_eq!(reason(&docx(&books)), Some(Reason::Bomb));
}

#[test]
fn fields_of_rtf_and_of_old_documents_are_looked_at_and_pictures_in_letters_are_none() {
    for (rtf, wanted) in [
        (r#"{\rtf1 {\field{\*\fldinst INCLUDEPICTURE "http://x.example/a.png" \\d}{\fldrslt x}}}"#, true),
        (r"{\rtf1 {\field{\*\fldinst D{}DEAUTO c:\\x}{\fldrslt x}}}", true),
        (r"{\rtf1 {\field{\*\fldinst {\field{\*\fldinst QUOTE}{\fldrslt DDE}}AUTO x}}}", true),
        (r"{\rtf1 {\field{\*\fldinst PAGE \fldinst DDE x}}}", true),
        (r"{\rtf1 {\field{\*\fldinst {HYPER}{LINK x}}{\fldrslt x}} {\*\pict 00ddeauto dde }}", false),
    ] {
        assert_eq!(reason(rtf.as_bytes()) == Some(Reason::Macros), wanted, "{rtf}");
    }
    for (text, wanted) in [
        ("\u{13} DDEAUTO c:\\x \u{14}x\u{15}", Some(Reason::Macros)),
        ("\u{13}INCLUDETEXT \"http://x.example/a\"\u{15}", Some(Reason::Macros)),
        ("\u{13} PAGE \u{14}1\u{15} DDEAUTO", None),
    ] {
        assert_eq!(reason(&word(text)), wanted, "{text}");
    }
}
