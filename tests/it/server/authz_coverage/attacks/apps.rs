//! What apps of others ask for, and what people let them do.

use super::{Attack, Gives, attack};
use crate::server::authz_coverage::Scene;
use serde_json::json;

pub fn on_apps(s: &Scene) -> Vec<Attack> {
    use Gives::{Anybody, Nothing, OwnThings};
    let scopes = json!({ "scopes": ["patient/*.rs"] });
    let theirs =
        |template: &str| attack("POST", template.replace("{id}", &s.permission.to_string()), Nothing).of(template);
    // A handle that nobody was given: 256 random bits.
    let asked = |method, template: &str| attack(method, template.replace("{id}", "guessed"), Nothing).of(template);
    vec![
        attack("GET", "/api/apps", OwnThings),
        attack("GET", "/api/apps/launchable", OwnThings),
        attack("GET", "/api/apps/refused?what=guessed", Anybody),
        attack("POST", "/api/apps/launch", Nothing).body(json!({ "clientId": "nobody", "patient": s.victim.id })),
        theirs("/api/apps/{id}/revoke"),
        theirs("/api/apps/{id}/change").body(scopes.clone()),
        asked("GET", "/api/apps/requests/{id}"),
        asked("POST", "/api/apps/requests/{id}/deny"),
        asked("POST", "/api/apps/requests/{id}/allow").body(scopes),
    ]
}
