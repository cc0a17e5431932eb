//! How the description of a face is kept: turned at random, then sealed with a key that neither the database nor the
//! server has. Both come from a secret that stays on the device, mixed with a key of the server, so that a stolen
//! database opens nothing even with the server's keys, and a stolen device nothing without the server.

use crate::IdentityError;
use face::{CHANCE_BYTES, Descriptor, LENGTH, Rotation};
use kernel::{Problem, Rng, rng::bytes};
use ring::aead::{AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use vault::Vault;

/// Frames of the face at rest that are kept, turned, to be compared with.
pub const TEMPLATES: usize = 3;

pub type Templates = [Descriptor; TEMPLATES];

/// The device's part: 32 bytes that it keeps and the server forgets.
#[derive(Clone, Copy)]
pub struct Secret(pub [u8; 32]);

pub const SALT: usize = 16;

/// What opens, turns and compares the templates of one enrolment.
pub struct Lock {
    key: LessSafeKey,
    rotation: Rotation,
}

impl Lock {
    pub fn new(vault: &Vault, secret: &Secret, salt: &[u8; SALT]) -> Result<Self, IdentityError> {
        let mixed = vault.terms().digest(b"face template", &[&salt[..], &secret.0[..]].concat());
        let root = Salt::new(HKDF_SHA256, salt).extract(&mixed);
        let key = UnboundKey::new(&AES_256_GCM, &expand(&root, b"seal")?).map_err(|_| Problem::internal())?;
        Ok(Self { key: LessSafeKey::new(key), rotation: rotation(&expand(&root, b"turn")?)? })
    }

    /// Turns descriptions and seals them: what comes out is all that is kept of a face.
    pub fn close(&self, rng: &dyn Rng, faces: &Templates) -> Result<Vec<u8>, IdentityError> {
        let nonce: [u8; NONCE_LEN] = bytes(rng);
        let turned = faces.iter().map(|one| self.rotation.turn(one));
        let mut sealed: Vec<u8> = turned.flatten().flat_map(f32::to_le_bytes).collect();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(b"face template"), &mut sealed)
            .map_err(|_| Problem::internal())?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// The turned descriptions, if they were closed with this device's secret.
    pub fn open(&self, closed: &[u8]) -> Option<Templates> {
        let (nonce, rest) = closed.split_at_checked(NONCE_LEN)?;
        let mut sealed = rest.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.key.open_in_place(nonce, Aad::from(b"face template"), &mut sealed).ok()?;
        let (numbers, after) = plain.as_chunks::<4>();
        if numbers.len() != TEMPLATES * LENGTH || !after.is_empty() {
            return None;
        }
        Some(std::array::from_fn(|n| std::array::from_fn(|m| f32::from_le_bytes(numbers[n * LENGTH + m]))))
    }

    pub fn turn(&self, face: &Descriptor) -> Descriptor {
        self.rotation.turn(face)
    }
}

fn expand(root: &Prk, what: &[u8]) -> Result<[u8; 32], IdentityError> {
    let mut out = [0; 32];
    let info = [what];
    let filled = root.expand(&info, HKDF_SHA256).and_then(|okm| okm.fill(&mut out));
    filled.map_err(|_| Problem::internal())?;
    Ok(out)
}

/// The rotation of a seed: its chance is the key stream of a cipher under that seed.
fn rotation(seed: &[u8; 32]) -> Result<Rotation, IdentityError> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, seed).map_err(|_| Problem::internal())?;
    let mut stream = vec![0; CHANCE_BYTES];
    // The seed makes this one stream and nothing else, so that one nonce will do.
    let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
    let sealed = LessSafeKey::new(key).seal_in_place_separate_tag(nonce, Aad::empty(), &mut stream);
    let _tag = sealed.map_err(|_| Problem::internal())?;
    Ok(Rotation::from_chance(&stream).ok_or_else(Problem::internal)?)
}
