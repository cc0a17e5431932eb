//! Blind index terms: what search compares instead of words.

use ring::hmac;

/// Makes 64-bit keyed hashes. The same word gives the same hash, so equality and frequency show to whoever holds the
/// database (the threat model says so); the word itself does not.
#[derive(Clone)]
pub struct Terms(hmac::Key);

impl Terms {
    pub(crate) fn new(raw: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, raw))
    }

    /// The term for `parts` in a space of its own (a search parameter, or a purpose such as `login`).
    pub fn hash(&self, space: &[u8], parts: &[&[u8]]) -> i64 {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&[space.len() as u8]);
        context.update(space);
        for part in parts {
            context.update(&(part.len() as u32).to_le_bytes());
            context.update(part);
        }
        let mut out = [0; 8];
        out.copy_from_slice(&context.sign().as_ref()[..8]);
        i64::from_le_bytes(out)
    }

    /// The term of a code under a search parameter, whatever its system.
    pub fn code(&self, param: i64, code: &str) -> i64 {
        self.hash(&param.to_le_bytes(), &[b"c", code.as_bytes()])
    }

    /// The term of a code of one system.
    pub fn token(&self, param: i64, system: &str, code: &str) -> i64 {
        self.hash(&param.to_le_bytes(), &[b"t", system.as_bytes(), code.as_bytes()])
    }

    /// 32 bytes instead of 8, where a collision must be out of the question.
    pub fn digest(&self, space: &[u8], content: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&[space.len() as u8]);
        context.update(space);
        context.update(content);
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    }
}
