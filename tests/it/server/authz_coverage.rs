//! Every operation there is, tried by everybody who must not get anything out of it.
//!
//! The operations of `/api` are compared with `openapi.json`: one that nobody attacks here fails the test. Those of
//! `/fhir` are attacked for every resource type that the capability statement names.

mod attacks;
mod scene;

use attacks::{Attack, Gives};
use scene::Scene;
use serde_json::Value;
use std::collections::BTreeSet;
use testkit::Reply;

/// What somebody other than the patient must never find in an answer.
fn leaks(scene: &Scene, attack: &Attack, reply: &Reply) -> Option<String> {
    let (text, asked) = (reply.text(), format!("{} {}", attack.path, attack.body));
    scene.canaries().into_iter().find(|canary| text.contains(canary.as_str()) && !asked.contains(canary.as_str()))
}

fn verdict(actor: &str, attack: &Attack, reply: &Reply) -> Result<(), String> {
    let status = reply.status;
    let fine = match (attack.gives, actor) {
        (Gives::Anybody, _) => status < 500,
        (_, "nobody") => status == 401,
        // The product's own interface is not for apps at all.
        _ if actor.starts_with("app") && attack.path.starts_with("/api/") => status == 401,
        (Gives::OwnThings, _) => status < 500 && status != 401,
        (Gives::Nothing, _) => status == 403 || status == 404,
        // What is written about somebody one cannot see may also be refused for that reference. A service may choose
        // ids, and one that is taken is a conflict whoever has it: it tells only those who guess 122 random bits.
        (Gives::NoWrite, _) => matches!(status, 400 | 403 | 404 | 409 | 422),
        (Gives::Administration, "administrator") => status < 500 && status != 401 && status != 403,
        (Gives::Administration, _) => status == 403,
    };
    if fine {
        Ok(())
    } else {
        Err(format!("{actor}: {} {} gave {status}: {}", attack.method, attack.path, reply.text()))
    }
}

async fn run(scene: &Scene, attacks: &[Attack]) {
    let mut failures = Vec::new();
    for attack in attacks {
        for (actor, person) in scene.attackers() {
            let body = (!attack.body.is_null()).then(|| attack.body.clone());
            let reply = if attack.endless {
                scene.app.head(attack.method, &attack.path, person).await
            } else {
                scene.app.send(attack.method, &attack.path, person, body).await
            };
            failures.extend(verdict(actor, attack, &reply).err());
            if let Some(canary) = leaks(scene, attack, &reply) {
                failures.push(format!("{actor}: {} {} shows {canary}: {}", attack.method, attack.path, reply.text()));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    scene.assert_untouched().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_of_the_api_gives_a_stranger_anything() {
    let scene = Scene::set().await;
    let attacks = attacks::on_api(&scene);
    let described: Value = serde_json::from_str(&server::openapi::text()).unwrap();
    let mut described_operations = BTreeSet::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            described_operations.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let attacked: BTreeSet<String> = attacks.iter().map(|a| format!("{} {}", a.method, a.template)).collect();
    assert_eq!(described_operations, attacked, "openapi.json and the list of attacks differ");
    run(&scene, &attacks).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_interaction_of_fhir_gives_a_stranger_anything() {
    let scene = Scene::set().await;
    let statement = scene.app.get("/fhir/metadata", None).await.expect(200).json();
    let kinds: Vec<String> = statement["rest"][0]["resource"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["type"].as_str().unwrap().to_owned())
        .collect();
    assert!(kinds.len() > 100, "{kinds:?}");
    run(&scene, &attacks::on_fhir(&scene, &kinds)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_attacks_would_notice_an_open_door() {
    // The same requests by the patient and by a doctor with a live grant: they must succeed and show the canaries, or
    // the tests above would pass on a server that answers nothing.
    let scene = Scene::set().await;
    let doctor = scene.app.practitioner("Dr Live Grant", &[]).await;
    scene.app.grant(&scene.victim, &doctor).await;
    for person in [&scene.victim, &doctor] {
        for attack in attacks::readings(&scene) {
            let reply = scene.app.send(attack.method, &attack.path, person, None).await.expect(200);
            assert!(leaks(&scene, &attack, &reply).is_some(), "{} {}", attack.path, reply.text());
        }
    }
}
