//! Pure decisions: what the parts of a vault look like, as far as a server that opens none of it can say.

use super::model::{VaultForm, WayForm, WayKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Issue;
use ring::digest::{Context, SHA256};

/// A public key.
const KEY: usize = 32;
const SALT: usize = 32;
const SIGNATURE: usize = 64;
/// Room for what is wrapped: keys of a suite that is not there yet are longer.
const WRAP_MOST: usize = 4096;
/// A description, in base64.
pub const DETAIL_MOST: usize = 8 * 1024;
pub const WAYS_MOST: usize = 20;
const NAME_MOST: usize = 60;

/// What is sealed comes in full pieces, each with a tag, after a header of one byte.
pub const PIECE: i64 = 64 * 1024;
const TAG: i64 = 16;

/// How much room a file of this size may take once it is sealed.
pub const fn room(max_bytes: u64) -> u64 {
    let pieces = max_bytes / PIECE as u64 + 1;
    1 + pieces * (PIECE + TAG) as u64
}

/// Whether this many bytes can be a sealed file: one byte of the suite and full pieces.
pub const fn is_full(size: i64) -> bool {
    size > 1 && (size - 1) % (PIECE + TAG) == 0
}

pub fn bytes(path: &str, text: &str, fits: impl Fn(usize) -> bool) -> Result<Vec<u8>, Issue> {
    match STANDARD.decode(text) {
        Ok(bytes) if fits(bytes.len()) => Ok(bytes),
        _ => Err(Issue::new("value", path, "This is not what a browser makes here.")),
    }
}

pub fn wrap(path: &str, text: &str) -> Result<(), Issue> {
    bytes(path, text, |length| (17..=WRAP_MOST).contains(&length)).map(drop)
}

pub fn public_key(path: &str, text: &str) -> Result<Vec<u8>, Issue> {
    bytes(path, text, |length| length == KEY)
}

pub fn signature(path: &str, text: &str) -> Result<(), Issue> {
    bytes(path, text, |length| length == SIGNATURE).map(drop)
}

/// The id of a sealed document: 128 bits that the browser drew.
pub fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// A way in, with its name in order.
pub fn way(path: &str, form: &WayForm) -> Result<String, Issue> {
    wrap(&format!("{path}wrap"), &form.wrap)?;
    match (form.kind, form.credential.as_deref()) {
        (WayKind::Passkey, Some(id)) if (1..=2000).contains(&id.len()) => {}
        (WayKind::Recovery, None) => {}
        _ => return Err(Issue::new("value", format!("{path}credential"), "A passkey has one, the code has none.")),
    }
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MOST {
        return Err(Issue::new("value", format!("{path}name"), "A name has 1 to 60 characters."));
    }
    Ok(name.to_owned())
}

/// A new vault; answers its public keys.
pub fn vault(form: &VaultForm) -> Result<(Vec<u8>, Vec<u8>), Vec<Issue>> {
    let mut issues = Vec::new();
    let box_key = public_key("boxKey", &form.box_key).map_err(|issue| issues.push(issue));
    let sign_key = public_key("signKey", &form.sign_key).map_err(|issue| issues.push(issue));
    issues.extend(bytes("salt", &form.salt, |length| length == SALT).err());
    issues.extend(wrap("keys", &form.keys).err());
    let recovery = form.ways.iter().filter(|way| way.kind == WayKind::Recovery).count();
    if recovery != 1 || form.ways.len() > WAYS_MOST {
        issues.push(Issue::new("value", "ways", "A vault begins with one recovery code, and at most 20 ways in."));
    }
    for (i, form) in form.ways.iter().enumerate() {
        issues.extend(way(&format!("ways[{i}]."), form).err());
    }
    match (box_key, sign_key) {
        (Ok(box_key), Ok(sign_key)) if issues.is_empty() => Ok((box_key, sign_key)),
        _ => Err(issues),
    }
}

/// What follows from somebody's public keys.
pub fn fingerprint(box_key: &[u8], sign_key: &[u8]) -> Vec<u8> {
    let mut digest = Context::new(&SHA256);
    digest.update(b"healthsync keys 1\n");
    digest.update(box_key);
    digest.update(sign_key);
    digest.finish().as_ref().to_vec()
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The first 80 bits of a fingerprint in sixteen letters (Crockford's base 32): what people read to each other.
pub fn code(fingerprint: &[u8]) -> String {
    let mut bits = fingerprint.iter().take(10).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let mut letters = [0_u8; 16];
    for letter in letters.iter_mut().rev() {
        *letter = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    letters.into_iter().map(char::from).collect()
}

/// A code as somebody typed it.
pub fn read_code(text: &str) -> Option<String> {
    let mut code = String::with_capacity(16);
    for letter in text.chars().filter(|c| !matches!(c, ' ' | '-')) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) || code.len() == 16 {
            return None;
        }
        code.push(letter);
    }
    (code.len() == 16).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> VaultForm {
        let way = |kind, credential: Option<&str>| WayForm {
            kind,
            name: "Phone".into(),
            credential: credential.map(str::to_owned),
            wrap: STANDARD.encode([1; 61]),
        };
        VaultForm {
            box_key: STANDARD.encode([1; 32]),
            sign_key: STANDARD.encode([2; 32]),
            salt: STANDARD.encode([3; 32]),
            keys: STANDARD.encode([4; 200]),
            ways: vec![way(WayKind::Recovery, None), way(WayKind::Passkey, Some("AAAA"))],
        }
    }

    #[test]
    fn a_vault_begins_with_a_recovery_code_and_keys_of_the_right_length() {
        assert!(vault(&form()).is_ok());
        let paths = |form: VaultForm| -> Vec<String> {
            vault(&form).unwrap_err().into_iter().map(|issue| issue.path).collect()
        };
        assert_eq!(paths(VaultForm { box_key: STANDARD.encode([1; 31]), ..form() }), ["boxKey"]);
        assert_eq!(paths(VaultForm { salt: "not base64".into(), ..form() }), ["salt"]);
        assert_eq!(paths(VaultForm { ways: form().ways.split_off(1), ..form() }), ["ways"]);
        let mut nameless = form();
        nameless.ways[1].name = " ".into();
        nameless.ways[0].credential = Some("A".into());
        assert_eq!(paths(nameless), ["ways[0].credential", "ways[1].name"]);
    }

    #[test]
    fn a_code_is_the_first_eighty_bits_and_survives_how_people_write() {
        assert_eq!(code(&[0xff; 32]), "Z".repeat(16));
        assert_eq!(code(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 33, 9]), format!("{}11", "0".repeat(14)));
        let one = code(&fingerprint(&[1; 32], &[2; 32]));
        assert_eq!(read_code(&format!(" {}-{}", &one[..4].to_lowercase(), &one[4..])), Some(one.clone()));
        assert_ne!(one, code(&fingerprint(&[2; 32], &[1; 32])));
        assert_eq!(read_code("0123"), None);
        assert_eq!(read_code(&"U".repeat(16)), None);
    }

    #[test]
    fn a_sealed_file_is_full_pieces() {
        assert!(is_full(1 + PIECE + TAG) && is_full(1 + 3 * (PIECE + TAG)));
        for wrong in [0, 1, 2, PIECE + TAG, 1 + PIECE, 2 + PIECE + TAG, -65_552] {
            assert!(!is_full(wrong), "{wrong}");
        }
        assert!(room(10 * 1024 * 1024) > 10 * 1024 * 1024);
        assert!(is_id(&"0a".repeat(16)) && !is_id(&"0A".repeat(16)) && !is_id("0a"));
    }
}
