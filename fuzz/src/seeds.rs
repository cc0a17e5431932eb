//! Good inputs.

use crate::formed;
use crate::support;
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};

/// Those that the tests damage, by the name of their parser.
fn files(name: &str) -> Vec<Vec<u8>> {
    support::mutated::seeds().into_iter().find(|(own, _)| *own == name).map_or_else(Vec::new, |(_, files)| files)
}

pub fn pdf() -> Vec<Vec<u8>> {
    let objects: &[u8] = b"7 0 8 20 << /Type /Outlines >>   << /S /GoTo /D [100 0 R /Fit] >>";
    let plain: &[u8] = b"9 0 obj << /Type /Page /MediaBox [0 0 595 842] /AA << /O << /S /GoTo >> >> >> endobj\n\
        10 0 obj << /Length 12 /Filter [/ASCIIHexDecode /ASCII85Decode /LZWDecode] /DecodeParms << /Predictor 12 >> >> \
        stream\n80 0B60 50>\nendstream endobj\n11 0 obj (text \\(in\\) it \\053) endobj 12 0 obj <48#656c> endobj";
    let mut out: Vec<_> = files("pdf").iter().map(|file| formed(0, file)).collect();
    out.extend([formed(1, plain), formed(2, objects)]);
    out
}

pub fn docx() -> Vec<Vec<u8>> {
    let body: &[u8] = b"<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t xml:space=\"preserve\">Sodium &amp; \
        &#181;mol</w:t><w:tab/><w:br w:type=\"page\"/></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>\
        <w:fldSimple w:instr=\" PAGE \"/><w:instrText>DATE</w:instrText></w:body></w:document>";
    let relations: &[u8] = b"<Relationships><Relationship Id=\"r1\" Type=\"http://a/image\" Target=\"media/a.png\"/>\
        <Relationship Id=\"r2\" Type=\"http://a/hyperlink\" Target=\"https://a.example\" TargetMode=\"External\"/></Relationships>";
    let mut out: Vec<_> = files("docx").iter().map(|file| formed(0, file)).collect();
    out.extend([formed(1, body), formed(2, relations)]);
    out
}

pub fn doc() -> Vec<Vec<u8>> {
    let mut out: Vec<_> = files("doc").iter().map(|file| formed(0, file)).collect();
    out.push(formed(0, &support::ole(&["WordDocument", "1Table", "ObjectPool/_1/Contents"])));
    out
}

pub fn rtf() -> Vec<Vec<u8>> {
    let nested: &[u8] = br"{\rtf1\ansi\ansicpg1252\uc1{\*\generator x;}{\field{\*\fldinst PAGE}{\fldrslt 1}}\u181?mol \page\tab\par{\pict\pngblip 89504e}}";
    [files("rtf"), vec![nested.to_vec()]].concat()
}

pub fn pictures() -> Vec<Vec<u8>> {
    ["jpeg", "png", "tiff"].iter().flat_map(|name| files(name)).collect()
}

pub fn heic() -> Vec<Vec<u8>> {
    vec![b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x14ispe\0\0\0\0\0\0\x0f\xc0\0\0\x0b\xd0".to_vec()]
}

/// One of each kind.
pub fn kinds() -> Vec<Vec<u8>> {
    support::mutated::seeds().into_iter().flat_map(|(_, files)| files).chain(heic()).collect()
}

pub fn text() -> Vec<Vec<u8>> {
    let wide = "Kreatinin\t84\tµmol/L\t45–84\n".encode_utf16().flat_map(u16::to_le_bytes);
    let mut out = files("text");
    out.push([0xff, 0xfe].into_iter().chain(wide).collect());
    out
}

pub fn layer() -> Vec<Vec<u8>> {
    vec![
        br#"<doc><page width="595.0" height="842.0"><flow><block xMin="1" yMin="1" xMax="9" yMax="9"><line xMin="72.0"
yMin="80.0" xMax="300.0" yMax="92.0"><word xMin="72.0" yMin="80.0" xMax="140.0" yMax="92.0">Haemoglobin</word>
<word xMin="180.0" yMin="80.0" xMax="200.0" yMax="92.0">13.2</word><word xMin="210" yMin="80" xMax="240" yMax="92">g/dL
</word><word xMin="260" yMin="80" xMax="300" yMax="92">&lt;&#49;7.0</word></line></block></flow></page></doc>"#
            .to_vec(),
    ]
}

pub fn letters() -> Vec<Vec<u8>> {
    let head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";
    let words = [("Sodium", 200), ("138", 900), ("mmol/L", 1100), ("135-145", 1400), ("H", 1700)];
    let rows =
        words.iter().enumerate().map(|(n, (word, x))| format!("5\t1\t1\t1\t1\t{n}\t{x}\t400\t120\t32\t96.5\t{word}\n"));
    vec![
        (head.to_owned() + &rows.collect::<String>() + "5\t1\t1\t1\t2\t1\t200\t460\t300\t32\t91.0\t04/03/2026\n")
            .into_bytes(),
    ]
}

#[cfg(feature = "server")]
fn histories() -> Vec<population::Bundle> {
    let options = population::Options { seed: 7, organizations: 1, practitioners: 2, patients: 2, today: 20_454 };
    vec![population::directory(&options), population::patient(&options, 0)]
}

/// Of each type one resource.
#[cfg(feature = "server")]
pub fn resources() -> Vec<Vec<u8>> {
    let mut out = std::collections::BTreeMap::new();
    for history in histories() {
        let bundle: serde_json::Value = serde_json::from_str(&history.json).unwrap_or_default();
        for entry in bundle["entry"].as_array().into_iter().flatten() {
            let resource = &entry["resource"];
            let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
            out.entry(kind).or_insert_with(|| resource.to_string().into_bytes());
        }
    }
    out.into_values().collect()
}

pub fn json() -> Vec<Vec<u8>> {
    let text: &[u8] = br#"{"a":[1,-0.50e+10,true,null,"\u00b5\ud83d\ude00\\\/"],"b":{"":{}},"c":[]}"#;
    vec![text.to_vec()]
}

pub fn bundle() -> Vec<Vec<u8>> {
    let patient = r#"{"resourceType":"Patient","id":"a","name":[{"family":"A"}],"birthDate":"1970-01"}"#;
    let requests =
        [r#""POST","url":"Patient","ifNoneExist":"identifier=a|b""#, r#""PUT","url":"Patient/a","ifMatch":"W/\"3\"""#];
    let entry =
        |request: &str| format!(r#"{{"fullUrl":"urn:uuid:1","resource":{patient},"request":{{"method":{request}}}}}"#);
    let bundle = |kind: &str| {
        let entries = requests.map(entry).join(",");
        format!(r#"{{"resourceType":"Bundle","type":"{kind}","total":2,"entry":[{entries}]}}"#).into_bytes()
    };
    vec![bundle("transaction"), bundle("batch"), bundle("collection"), format!("{patient}\n{patient}\n").into_bytes()]
}

pub fn search() -> Vec<Vec<u8>> {
    let queries = [
        "patient=Patient/a&code=http://loinc.org%7C8867-4,http%3A%2F%2Floinc.org|1&_sort=-date&_count=20&date=ge2020-01",
        "value-quantity=gt5.4|http://unitsofmeasure.org|mg&_lastUpdated=lt2026-01-01T00:00:00Z&_total=accurate",
        "name:exact=M%C3%BCller&birthdate=ap1970&_id=a,b&identifier=a\\,b|c&_format=json&_summary=count",
        "status:not=final&subject:Patient=a&category:in=x&_sort=_lastUpdated&_cursor=abc&code:text=a$b",
    ];
    queries.iter().enumerate().map(|(n, query)| formed(n as u8, query.as_bytes())).collect()
}

/// CBOR of an attestation, authenticator data, and the body they come in.
pub fn passkey() -> Vec<Vec<u8>> {
    let key = [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20][..], &[5; 32]].concat();
    // SHA-256 of `localhost`.
    let party = [
        0x49, 0x96, 0x0d, 0xe5, 0x88, 0x0e, 0x8c, 0x68, 0x74, 0x34, 0x17, 0x0f, 0x64, 0x76, 0x60, 0x5b, 0x8f, 0xe4,
        0xae, 0xb9, 0xa2, 0x86, 0x32, 0xc7, 0x99, 0x5c, 0xf3, 0xba, 0x83, 0x1d, 0x97, 0x63,
    ];
    let made = [&party[..], &[0x45, 0, 0, 0, 1], &[0; 16], &[0, 16], &[9; 16], &key].concat();
    let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
    let object = [&head[..], &[u8::try_from(made.len()).unwrap_or(0)], &made].concat();
    let data = [&party[..], &[0x05, 0, 0, 0, 2]].concat();
    let client = URL_SAFE_NO_PAD.encode(format!(
        r#"{{"type":"webauthn.create","challenge":"{}","origin":"http://localhost:8080"}}"#,
        URL_SAFE_NO_PAD.encode([7; 32])
    ));
    let body = format!(
        r#"{{"id":"{}","type":"public-key","response":{{"clientDataJSON":"{client}","attestationObject":"{}","transports":["usb"]}},"clientExtensionResults":{{"prf":{{"enabled":true}}}}}}"#,
        URL_SAFE_NO_PAD.encode([9; 16]),
        URL_SAFE_NO_PAD.encode(&object),
    );
    vec![formed(0, &key), formed(1, &object), formed(2, &[&[3; 64][..], &data].concat()), formed(3, body.as_bytes())]
}

/// RFC 7515, appendix A.3.
pub const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// RFC 9449, section 4.
const PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

pub fn tokens() -> Vec<Vec<u8>> {
    let keys: [&[u8]; 2] = [
        br#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"a","use":"sig"}"#,
        br#"{"kty":"RSA","n":"AQAB","e":"AQAB","alg":"RS256"}"#,
    ];
    let mut out = vec![formed(0, TOKEN.as_bytes()), formed(2, PROOF.as_bytes())];
    out.extend(keys.map(|key| formed(1, key)));
    out
}

pub fn oauth() -> Vec<Vec<u8>> {
    let form: &[u8] = b"response_type=code&client_id=abc&redirect_uri=https%3A%2F%2Fa.example%2Fback&scope=openid+offline_access+\
        patient%2FObservation.rs%3Fcategory%3Dvital-signs&state=x&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let scopes: &[u8] =
        b"launch/patient user/*.cruds system/Patient.read patient/Observation.rs?category=http://a|laboratory&code=b";
    vec![formed(0, form), formed(1, scopes)]
}

pub fn notes() -> Vec<Vec<u8>> {
    let (root, signature) = (STANDARD.encode([1; 32]), STANDARD.encode([2; 68]));
    let note = format!("healthsync/ledger\n42\n{root}\n\n\u{2014} healthsync/ledger {signature}\n");
    let key = format!("witness+01020304+{}", STANDARD.encode([4; 33]));
    let saved = format!(
        r#"{{"format":"healthsync-ledger/1","key":"{key}","witnesses":[],"saved":"2026-01-01T00:00:00Z","checkpoint":"","entries":[],"signature":""}}"#
    );
    vec![
        formed(0, note.as_bytes()),
        formed(1, format!("old 20\n{root}\n{root}\n\n{note}").as_bytes()),
        formed(2, key.as_bytes()),
        formed(3, saved.as_bytes()),
    ]
}

pub fn uploads() -> Vec<Vec<u8>> {
    let pair = |name: &str, value: &str| format!("{name} {}", STANDARD.encode(value));
    let sealed = format!(r#"{{"id":"{}","compartment":"private","epoch":1,"detail":"AAAA"}}"#, "0a".repeat(16));
    let plain = [
        pair("filename", "report.pdf"),
        pair("patient", "abc"),
        pair("title", "Blood"),
        pair("kind", "11502-2"),
        pair("date", "2026-01-01"),
        pair("tags", "a,b"),
    ];
    let key = STANDARD.encode([3; 32]);
    let vault = format!(
        r#"{{"boxKey":"{key}","signKey":"{key}","salt":"{key}","keys":"{key}","ways":[{{"kind":"recovery","wrap":"{key}","name":"Code"}}]}}"#
    );
    vec![
        formed(0, plain.join(",").as_bytes()),
        formed(0, [pair("patient", "abc"), pair("sealed", &sealed)].join(", ").as_bytes()),
        formed(1, vault.as_bytes()),
    ]
}

#[cfg(feature = "server")]
pub fn packed() -> Vec<Vec<u8>> {
    resources().iter().map(|resource| vault::pack(resource)).chain([vec![0, 1, 2], vec![2, 4, 0, 0, 0, 1]]).collect()
}
