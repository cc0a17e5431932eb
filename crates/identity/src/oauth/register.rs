//! Apps come onto the list: an administrator puts them there, or they register themselves (RFC 7591).

use super::error::Refusal;
use super::jose::Jwk;
use super::model::{AppKind, Client, Registered, Registration, Standing};
use super::rules::redirect_issue;
use super::scope::{self, Scope, Whose};
use super::{confirming, endings, store_clients};
use crate::{IdentityError, administrator, outgoing, rules};
use kernel::rng::uuid;
use kernel::{Ctx, Issue, Problem};
use ledger::{Action, Entry, House, append};
use serde_json::{Map, Value, json};

/// Apps on the list of those whom administrators put there, and as many again of those that did so themselves: whoever
/// fills the one does not keep the other from growing.
const MOST: i64 = 5_000;
const MOST_ADDRESSES: usize = 10;
const MOST_KEYS: usize = 10;

/// `(member, what is wrong)`
type Fault = (&'static str, String);

/// Checks what was said. The members are named as on the page; dynamic registration has its own two words for them.
fn check(house: &House, new: &Registration) -> Result<(), Fault> {
    let fault = |member: &'static str, text: &str| Err((member, text.to_owned()));
    if !rules::fits(&new.name, 100) {
        return fault("name", "A name has 1 to 100 characters, all of which can be seen.");
    }
    let people = new.kind != AppKind::Backend;
    if people == new.redirect_uris.is_empty() || new.redirect_uris.len() > MOST_ADDRESSES {
        let text = "An app for people has 1 to 10 addresses to come back to, a program without people has none.";
        return fault("redirectUris", text);
    }
    for uri in new.redirect_uris.iter().chain(&new.launch_uri) {
        if let Some(issue) = redirect_issue(uri) {
            return fault("redirectUris", issue);
        }
    }
    if new.uri.as_deref().is_some_and(|uri| !uri.starts_with("https://") || redirect_issue(uri).is_some()) {
        return fault("uri", "The address of the app's own page begins with https://.");
    }
    let signs = new.kind != AppKind::Public;
    let some = !new.keys.is_empty();
    if (signs && some == new.jwks_uri.is_some()) || (!signs && (some || new.jwks_uri.is_some())) {
        let text = "An app that signs has public keys or an address where it publishes them; a public app has neither.";
        return fault("keys", text);
    }
    if new.keys.len() > MOST_KEYS {
        return fault("keys", "An app has at most 10 public keys.");
    }
    if new.jwks_uri.as_deref().is_some_and(|url| !outgoing::may_publish(house, url)) {
        return fault("keys", "Keys are published at an address that begins with https://.");
    }
    for key in &new.keys {
        let key = Jwk::parse(key).map_err(|text| ("keys", text.to_owned()))?;
        let strong = [super::jose::Alg::Es256, super::jose::Alg::Es384, super::jose::Alg::Rs384];
        if !strong.into_iter().any(|alg| key.fits(alg)) {
            return fault("keys", "Keys sign with ES256, ES384 or RS384.");
        }
    }
    let scopes = new.scope.as_deref().map(scope::parse).transpose().map_err(|text| ("scope", text))?;
    let fits = |scope: &Scope| match scope {
        Scope::Data(data) => (data.whose == Whose::System) != people,
        _ => people,
    };
    if !scopes.iter().flatten().all(fits) {
        return fault("scope", "system/ scopes are for programs without people, and only those.");
    }
    if !people && scopes.as_ref().is_none_or(Vec::is_empty) {
        return fault("scope", "Say what the program may do: system/ scopes.");
    }
    if people == new.organization.is_some() {
        return fault(
            "organization",
            "A program without people works for an organization; an app for people for none.",
        );
    }
    Ok(())
}

/// An administrator puts an app on the list. A program without people waits there until another one confirms it: it reads
/// what an organization keeps, and no administrator alone may reach a record.
pub async fn register(house: &House, ctx: &Ctx, said: Registration) -> Result<Client, IdentityError> {
    administrator(ctx)?;
    let said = Registration { name: said.name.trim().to_owned(), registered: Registered::Managed, ..said };
    if let Err((member, text)) = check(house, &said) {
        return Err(Problem::unprocessable(vec![Issue::new("value", member, text)]).into());
    }
    let ident = uuid(&*house.rng);
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        if store_clients::count_clients(tx, Registered::Managed)? >= MOST {
            return Err(Problem::conflict("There are too many apps on the list.").into());
        }
        if said.kind == AppKind::Backend {
            return confirming::begin(tx, &house, &ctx, &ident, &said);
        }
        let client = store_clients::insert_client(tx, &house, &ident, (Standing::Active, None), &said)?;
        append(tx, Entry::system(&ctx, Action::Connect).what(format!("app {}", client.id), 1));
        Ok(client)
    })
    .await
}

/// Strikes an app off the list: its tokens are refused from the next request on, and those who let it in are told.
pub async fn revoke_client(house: &House, ctx: &Ctx, id: i64) -> Result<(), IdentityError> {
    administrator(ctx)?;
    ctx.confirmed()?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let client = store_clients::client(tx, &house.vault, id)?.ok_or(IdentityError::NotFound)?;
        if client.state != Standing::Revoked {
            let now = house.clock.now();
            store_clients::revoke_client(tx, id, now)?;
            endings::struck_off(tx, id, now)?;
            append(tx, Entry::system(&ctx, Action::Disconnect).what(format!("app {id}"), 1));
        }
        Ok(())
    })
    .await
}

fn metadata(text: impl Into<String>) -> Refusal {
    Refusal::new("invalid_client_metadata", text.into())
}

/// What an app says of itself in RFC 7591's words.
fn read(json: &Map<String, Value>) -> Result<Registration, Refusal> {
    let text = |name: &str| match json.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(metadata(format!("{name} is a text."))),
    };
    let list = |name: &str| match json.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(all)) => all
            .iter()
            .map(|one| one.as_str().map(str::to_owned).ok_or_else(|| metadata(format!("{name} is a list of texts."))))
            .collect::<Result<Vec<String>, _>>()
            .map(Some),
        Some(_) => Err(metadata(format!("{name} is a list."))),
    };
    let kind = match text("token_endpoint_auth_method")?.as_deref() {
        Some("none") => AppKind::Public,
        Some("private_key_jwt") => AppKind::Confidential,
        _ => return Err(metadata("The token_endpoint_auth_method is none or private_key_jwt: no secrets are shared.")),
    };
    let grants = list("grant_types")?.unwrap_or_else(|| vec!["authorization_code".to_owned()]);
    if grants.iter().any(|grant| !matches!(grant.as_str(), "authorization_code" | "refresh_token")) {
        return Err(metadata("An app that registers itself has authorization_code and refresh_token only."));
    }
    if list("response_types")?.is_some_and(|types| types.iter().any(|one| one != "code")) {
        return Err(metadata("The response_types are code."));
    }
    let jwks_uri = text("jwks_uri")?;
    if jwks_uri.is_some() && json.contains_key("jwks") {
        return Err(metadata("Say where the public keys are, or send them: jwks_uri or jwks."));
    }
    if json.contains_key("software_statement") {
        return Err(Refusal::new("invalid_software_statement", "Statements of others are not taken here."));
    }
    let keys = match json.get("jwks").map(|jwks| jwks.get("keys")) {
        None => Vec::new(),
        Some(Some(Value::Array(keys))) => keys.clone(),
        Some(_) => return Err(metadata("jwks is a set of public keys.")),
    };
    let name = text("client_name")?.ok_or_else(|| metadata("Say what people know the app as: client_name."))?;
    Ok(Registration {
        name: name.trim().to_owned(),
        kind,
        registered: Registered::Dynamic,
        uri: text("client_uri")?,
        redirect_uris: list("redirect_uris")?.unwrap_or_default(),
        launch_uri: text("initiate_login_uri")?,
        keys,
        jwks_uri,
        scope: text("scope")?,
        organization: None,
        bound: json.get("dpop_bound_access_tokens").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// An app registers itself. Everybody may; people are told that nobody here looked at it.
pub async fn register_itself(house: &House, json: &Map<String, Value>) -> Result<Value, Refusal> {
    let said = read(json)?;
    if let Err((member, text)) = check(house, &said) {
        let error = if member == "redirectUris" { "invalid_redirect_uri" } else { "invalid_client_metadata" };
        return Err(Refusal::new(error, text));
    }
    let ident = uuid(&*house.rng);
    let h = house.clone();
    let client = house.db.write(move |tx| {
        if store_clients::count_clients(tx, Registered::Dynamic)? >= MOST {
            return Err(IdentityError::from(Problem::unavailable("There are too many apps on the list.")));
        }
        Ok(store_clients::insert_client(tx, &h, &ident, (Standing::Active, None), &said)?)
    });
    let client = client.await?;
    let said = &client.said;
    let mut out = json!({
        "client_id": client.ident,
        "client_id_issued_at": client.created.0 / 1000,
        "client_name": said.name,
        "redirect_uris": said.redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": if said.kind == AppKind::Public { "none" } else { "private_key_jwt" },
        "dpop_bound_access_tokens": said.bound,
    });
    let more = [
        ("client_uri", &said.uri),
        ("initiate_login_uri", &said.launch_uri),
        ("jwks_uri", &said.jwks_uri),
        ("scope", &said.scope),
    ];
    for (name, value) in more.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value))) {
        out[name] = value.as_str().into();
    }
    if !said.keys.is_empty() {
        out["jwks"] = json!({ "keys": said.keys });
    }
    Ok(out)
}
