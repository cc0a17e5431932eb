//! A phone and somebody in front of its camera.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use face::film::{self, Performer};
use face::{Gesture, MODELS, Picture, Sight};
use kernel::{FixedClock, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use testkit::{Person, Reply, TestApp};

/// A server with a patient, and people who can show their faces.
pub struct Scene {
    pub app: TestApp,
    pub clock: Arc<FixedClock>,
    pub patient: Person,
    pub one: Actor,
    folder: PathBuf,
    sight: Sight,
}

pub struct Actor(Performer);

/// Moment and picture.
pub type Frame = (u32, Vec<u8>);

fn portraits() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("HEALTHSYNC_SHARED_DATA").map_or(beside, PathBuf::from).join("faces");
    folder.is_dir().then_some(folder)
}

fn models() -> Option<Sight> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/node_modules/@vladmandic/face-api/model");
    folder
        .join(format!("{}.bin", MODELS[0]))
        .is_file()
        .then(|| Sight::read(|name| std::fs::read(folder.join(name)).ok().map(Into::into)).unwrap())
}

fn actor(folder: &Path, sight: &Sight, portrait: &str) -> Actor {
    let portrait = Picture::from_jpeg(&std::fs::read(folder.join(portrait)).unwrap()).unwrap();
    Actor(Performer::new(sight, &portrait).unwrap())
}

impl Scene {
    /// Another portrait of the first person.
    pub fn one_later(&self) -> Actor {
        actor(&self.folder, &self.sight, "biden.jpg")
    }

    /// Somebody else.
    pub fn other(&self) -> Actor {
        actor(&self.folder, &self.sight, "obama.jpg")
    }
}

/// For tests of what the networks see, which cost seconds: it is the same whatever database there is.
pub async fn scene_of_faces() -> Option<Scene> {
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        eprintln!("left out on PostgreSQL: it asks the networks, and what it keeps the others keep too");
        return None;
    }
    scene().await
}

pub async fn scene() -> Option<Scene> {
    let (Some(folder), Some(sight)) = (portraits(), models()) else {
        eprintln!("left out: no portraits in ../shared/data/faces, or no models in web/node_modules");
        return None;
    };
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(Arc::clone(&clock) as _);
    assert_eq!(app.get("/api/auth/face", None).await.expect(200).json(), json!({ "available": true }));
    let patient = app.patient("Asha Rao").await;
    let one = actor(&folder, &sight, "biden2.jpg");
    Some(Scene { app, clock, patient, one, folder, sight })
}

pub async fn challenge_at_once(scene: &Scene) -> Value {
    scene.app.post("/api/auth/face/challenge", None, json!({})).await.expect(201).json()
}

/// A challenge, and the time that its frames take.
pub async fn challenge(scene: &Scene) -> Value {
    let asked = challenge_at_once(scene).await;
    scene.clock.advance_ms(asked["frames"].as_array().unwrap().last().unwrap().as_i64().unwrap());
    asked
}

/// Does what is asked.
pub fn frames(actor: &Actor, asked: &Value) -> Vec<Frame> {
    actor.frames(asked, |at, prompts| {
        let now = prompts.iter().find(|(_, from, until)| (*from..=*until).contains(&at));
        // Nobody starts at the very moment of the prompt.
        now.map_or((Gesture::Blink, 0.0), |(gesture, from, _)| (*gesture, if at > *from { 1.0 } else { 0.0 }))
    })
}

impl Actor {
    pub fn frames(&self, asked: &Value, act: impl Fn(u32, &[(Gesture, u32, u32)]) -> (Gesture, f32)) -> Vec<Frame> {
        let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
        let prompt = |prompt: &Value| {
            let gesture = serde_json::from_value(prompt["gesture"].clone()).unwrap();
            (gesture, number(&prompt["from"]), number(&prompt["until"]))
        };
        let prompts: Vec<_> = asked["prompts"].as_array().unwrap().iter().map(prompt).collect();
        let one = |(n, at): (usize, &Value)| {
            let at = number(at);
            let (gesture, amount) = act(at, &prompts);
            (at, film::jpeg(&self.0.frame(gesture, amount, n as u32)))
        };
        asked["frames"].as_array().unwrap().iter().enumerate().map(one).collect()
    }
}

/// A device with its key and its secret.
pub struct Phone {
    key: Arc<EcdsaKeyPair>,
    secret: [u8; 32],
}

impl Phone {
    pub fn new() -> Self {
        let chance = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &chance).unwrap();
        Self { key: Arc::new(key), secret: *b"a secret that this device keeps " }
    }

    pub fn with_another_secret(&self) -> Self {
        Self { key: Arc::clone(&self.key), secret: *b"another secret, that is of no use".first_chunk().unwrap() }
    }

    /// What the page sends, signed.
    pub fn form(&self, purpose: &str, username: &str, asked: &Value, frames: &[Frame]) -> Value {
        let challenge = asked["challenge"].as_str().unwrap();
        let mut message = format!("healthsync face check\n{purpose}\n{username}\n{challenge}\n");
        for (at, jpeg) in frames {
            let hash = ring::digest::digest(&ring::digest::SHA256, jpeg);
            let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            message.push_str(&format!("{at} {hex}\n"));
        }
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let frames: Vec<Value> = frames.iter().map(|(at, jpeg)| json!({ "at": at, "picture": text(jpeg) })).collect();
        json!({
            "challenge": challenge, "key": text(self.key.public_key().as_ref()), "secret": text(&self.secret),
            "signature": text(signature.as_ref()), "frames": frames
        })
    }
}

pub async fn enrol(scene: &Scene, phone: &Phone, asked: &Value, frames: &[Frame]) -> Reply {
    enrol_as(scene, phone, "Phone", asked, frames).await
}

pub async fn enrol_as(scene: &Scene, phone: &Phone, name: &str, asked: &Value, frames: &[Frame]) -> Reply {
    let mut form = phone.form("enrol", "", asked, frames);
    form["name"] = json!(name);
    form["consent"] = json!(true);
    scene.app.post("/api/auth/face/devices", &scene.patient, form).await
}

pub async fn login(scene: &Scene, phone: &Phone, asked: &Value, frames: &[Frame]) -> Reply {
    let mut form = phone.form("login", &scene.patient.username, asked, frames);
    form["username"] = json!(scene.patient.username);
    scene.app.post("/api/auth/face/login", None, form).await
}
