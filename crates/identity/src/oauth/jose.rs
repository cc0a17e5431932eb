//! Signed tokens and keys as JSON (RFC 7515, 7517, 7518, 7638): exactly the algorithms that are offered.
//!
//! The algorithm is bound to the key: a header cannot turn a public key into a shared secret, and `none` is no word here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::{Map, Value, json};

/// The longest token that is looked at.
const LONGEST: usize = 8 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alg {
    Es256,
    Es384,
    Rs256,
    Rs384,
}

impl Alg {
    pub const ALL: [Self; 4] = [Self::Es256, Self::Es384, Self::Rs256, Self::Rs384];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == text)
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    pub kid: Option<String>,
    material: Material,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Material {
    /// The uncompressed point: 4, x, y.
    P256(Vec<u8>),
    P384(Vec<u8>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// base64url(SHA-256(text)): PKCE's S256, DPoP's `ath`, a thumbprint.
pub fn sha256(text: impl AsRef<[u8]>) -> String {
    encode(digest(&SHA256, text.as_ref()))
}

impl Jwk {
    /// Reads a public key. One that carries its private part is refused: it is not secret any more.
    pub fn parse(json: &Value) -> Result<Self, &'static str> {
        if ["d", "p", "q", "k"].iter().any(|member| json.get(member).is_some()) {
            return Err("The key carries a private part. Make a new key and send only its public part.");
        }
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        let bytes = |name: &str| text(name).and_then(decode).ok_or("A part of the key is missing or no base64url.");
        if text("use").is_some_and(|used| used != "sig") {
            return Err("The key is not for signatures.");
        }
        let point = |size: usize| -> Result<Vec<u8>, &'static str> {
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != size || y.len() != size {
                return Err("The point of the key has the wrong length.");
            }
            Ok([&[4], x.as_slice(), y.as_slice()].concat())
        };
        let material = match (text("kty"), text("crv")) {
            (Some("EC"), Some("P-256")) => Material::P256(point(32)?),
            (Some("EC"), Some("P-384")) => Material::P384(point(48)?),
            (Some("RSA"), _) => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                if !(256..=512).contains(&n.len()) || n.first() == Some(&0) || e.first() == Some(&0) || e.len() > 8 {
                    return Err("An RSA key has 2048 to 4096 bits.");
                }
                Material::Rsa { n, e }
            }
            _ => return Err("Keys are EC on P-256 or P-384, or RSA."),
        };
        Ok(Self { kid: text("kid").map(str::to_owned), material })
    }

    /// RFC 7638.
    pub fn thumbprint(&self) -> String {
        let point = |crv: &str, point: &[u8]| {
            let half = point.len() / 2;
            let (x, y) = (encode(&point[1..=half]), encode(&point[half + 1..]));
            format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
        };
        sha256(match &self.material {
            Material::P256(p) => point("P-256", p),
            Material::P384(p) => point("P-384", p),
            Material::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n)),
        })
    }

    /// Whether a key of this sort signs with this algorithm.
    pub const fn fits(&self, alg: Alg) -> bool {
        matches!(
            (&self.material, alg),
            (Material::P256(_), Alg::Es256)
                | (Material::P384(_), Alg::Es384)
                | (Material::Rsa { .. }, Alg::Rs256 | Alg::Rs384)
        )
    }

    fn verify(&self, alg: Alg, message: &[u8], sig: &[u8]) -> bool {
        if !self.fits(alg) {
            return false;
        }
        match &self.material {
            Material::P256(p) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, p).verify(message, sig).is_ok()
            }
            Material::P384(p) => {
                UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, p).verify(message, sig).is_ok()
            }
            Material::Rsa { n, e } => {
                let how = match alg {
                    Alg::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    _ => &signature::RSA_PKCS1_2048_8192_SHA256,
                };
                RsaPublicKeyComponents { n, e }.verify(how, message, sig).is_ok()
            }
        }
    }
}

/// A signed token that was taken apart and not yet believed.
#[derive(Clone, Debug)]
pub struct Jws {
    pub alg: Alg,
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    signed: String,
    signature: Vec<u8>,
}

impl Jws {
    pub fn parse(token: &str) -> Result<Self, &'static str> {
        if token.len() > LONGEST {
            return Err("The token is too long.");
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, sig] = parts[..] else { return Err("This is not a signed token of three parts.") };
        let object = |part: &str| -> Option<Map<String, Value>> {
            match serde_json::from_slice(&decode(part)?).ok()? {
                Value::Object(map) => Some(map),
                _ => None,
            }
        };
        let fields = object(header).ok_or("The header of the token is no JSON object.")?;
        if fields.contains_key("crit") {
            return Err("The token demands extensions that are not known here.");
        }
        let alg = fields.get("alg").and_then(Value::as_str).and_then(Alg::parse);
        Ok(Self {
            alg: alg.ok_or("The token is signed in a way that is not taken here.")?,
            header: fields,
            claims: object(claims).ok_or("The content of the token is no JSON object.")?,
            signed: format!("{header}.{claims}"),
            signature: decode(sig).ok_or("The signature of the token is no base64url.")?,
        })
    }

    pub fn verify(&self, key: &Jwk) -> bool {
        key.verify(self.alg, self.signed.as_bytes(), &self.signature)
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// A time in seconds.
    pub fn time(&self, name: &str) -> Option<i64> {
        let value = self.claims.get(name)?;
        value.as_i64().or_else(|| value.as_f64().filter(|f| f.is_finite()).map(|f| f as i64))
    }

    /// Whether the audience is, or is among others, this.
    pub fn is_for(&self, audience: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(many)) => many.iter().any(|one| one.as_str() == Some(audience)),
            _ => false,
        }
    }
}

/// The server's own key.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    pub public: Jwk,
    pub kid: String,
    chance: SystemRandom,
}

impl SigningKey {
    /// A new key in PKCS #8. ring takes chance for keys from the operating system only.
    pub fn generate() -> Option<Vec<u8>> {
        let document =
            EcdsaKeyPair::generate_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).ok()?;
        Some(document.as_ref().to_vec())
    }

    pub fn from_pkcs8(document: &[u8]) -> Option<Self> {
        let chance = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, document, &chance).ok()?;
        let mut public = Jwk { kid: None, material: Material::P256(pair.public_key().as_ref().to_vec()) };
        let kid = public.thumbprint();
        public.kid = Some(kid.clone());
        Some(Self { pair, public, kid, chance })
    }

    /// The public half, as `/oauth/jwks` shows it.
    pub fn jwk(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
            "x": encode(&point[1..33]), "y": encode(&point[33..]),
        })
    }

    pub fn sign(&self, kind: &str, claims: &Value) -> Option<String> {
        let header = json!({ "alg": "ES256", "typ": kind, "kid": self.kid });
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.pair.sign(&self.chance, message.as_bytes()).ok()?;
        Some(format!("{message}.{}", encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_pkcs8(&SigningKey::generate().unwrap()).unwrap()
    }

    #[test]
    fn what_was_signed_is_believed_and_nothing_else() {
        let key = key();
        let token = key.sign("at+jwt", &json!({ "sub": "1", "aud": ["a", "b"], "exp": 12.9 })).unwrap();
        let read = Jws::parse(&token).unwrap();
        assert!(read.verify(&key.public) && read.verify(&Jwk::parse(&key.jwk()).unwrap()));
        assert!(read.is_for("b") && !read.is_for("c"));
        assert_eq!((read.text("sub"), read.time("exp"), read.field("typ")), (Some("1"), Some(12), Some("at+jwt")));
        assert!(!read.verify(&self::key().public), "another key");
        let parts: Vec<&str> = token.split('.').collect();
        let other = encode(json!({ "sub": "2" }).to_string());
        assert!(!Jws::parse(&format!("{}.{other}.{}", parts[0], parts[2])).unwrap().verify(&key.public));
        for end in 1..20 {
            if let Ok(read) = Jws::parse(&token[..token.len() - end]) {
                assert!(!read.verify(&key.public), "cut by {end}");
            }
        }
    }

    #[test]
    fn a_header_cannot_choose_another_way_to_believe_it() {
        for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#, r#"{"alg":"ES256","crit":["x"]}"#, "[]", "{}"] {
            assert!(Jws::parse(&format!("{}.{}.", encode(header), encode("{}"))).is_err(), "{header}");
        }
        let key = key();
        let token = key.sign("JWT", &json!({})).unwrap();
        let (_, rest) = token.split_once('.').unwrap();
        for alg in ["ES384", "RS256", "RS384"] {
            let forged = format!("{}.{rest}", encode(json!({ "alg": alg }).to_string()));
            assert!(!Jws::parse(&forged).unwrap().verify(&key.public), "{alg}");
        }
    }

    /// The example of RFC 7638 section 3.1.
    #[test]
    fn a_thumbprint_is_that_of_the_standard() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let key =
            Jwk::parse(&json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" })).unwrap();
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        // RFC 7636 appendix B.
        assert_eq!(
            sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_key_that_is_none_or_not_secret_any_more_is_refused() {
        let good = key().jwk();
        assert!(Jwk::parse(&good).is_ok());
        for (name, value) in [("d", "AA"), ("use", "enc"), ("crv", "P-521"), ("kty", "oct"), ("x", "AA"), ("y", "?")] {
            let mut bad = good.clone();
            bad[name] = value.into();
            assert!(Jwk::parse(&bad).is_err(), "{name}");
        }
        assert!(Jwk::parse(&json!({ "kty": "RSA", "n": encode([1; 128]), "e": "AQAB" })).is_err(), "1024 bits");
    }
}
