//! `/api/records/grant-access`: the same grant as the page's, asked for in a few words.

use axum::extract::State;
use axum::{Extension, Json};
use consent::{Category, ConsentError, Grant, GrantForm, GrantPurpose, Grantee, GranteeRef, GranteeType, Label};
use db::Tx;
use http::StatusCode;
use kernel::http::JsonBody;
use kernel::{Ctx, Issue, Problem};
use ledger::House;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

const DAY_MS: i64 = 86_400_000;
const MOST_DAYS: i64 = 36_525;

/// Whom, what, how long. What widens access must be said: `kinds` and `days` may be `null` (everything; until you end it), but
/// not left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "doctor": "doctor1", "kinds": ["vital", "result"], "days": 30, "purpose": "treatment" }))]
pub struct GrantAccess {
    /// The id of the Practitioner, or the doctor's user name or e-mail address.
    #[serde(default)]
    doctor: Option<String>,
    /// Instead of a doctor: the id of the Organization. Whoever works there sees it.
    #[serde(default)]
    clinic: Option<String>,
    #[serde(deserialize_with = "said")]
    #[schema(required = true)]
    kinds: Option<Vec<Category>>,
    #[serde(deserialize_with = "said")]
    #[schema(required = true, minimum = 1, maximum = 36525)]
    days: Option<i64>,
    /// `treatment` when left out.
    #[serde(default)]
    purpose: GrantPurpose,
    /// Sensitive areas that are included; none when left out.
    #[serde(default)]
    sensitive: Vec<Label>,
    #[serde(default)]
    note: Option<String>,
}

fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// Lets a doctor or a clinic see my record.
#[utoipa::path(post, path = "/api/records/grant-access", tag = "plain", request_body = GrantAccess, responses(
    (status = 201, body = Grant),
    (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not within the last five minutes: sign in again, or POST /api/auth/confirm"),
    (status = 403, description = "Not a patient"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn grant(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<GrantAccess>,
) -> Result<(StatusCode, Json<Grant>), Problem> {
    consent::service::may_grant(&ctx)?;
    ctx.confirmed()?;
    let until = match form.days {
        None => None,
        Some(days) if (1..=MOST_DAYS).contains(&days) => Some(ctx.now().plus_ms(days * DAY_MS).to_rfc3339()),
        Some(_) => {
            let text = "Say how many days: 1 to 36525, or null until you end it.";
            return Err(Problem::unprocessable(vec![Issue::new("value", "days", text)]));
        }
    };
    let inside = house.clone();
    let given = house.db.write(move |tx| {
        let grantee = grantee(tx, &inside, &form)?;
        let terms = GrantForm {
            grantee: GranteeRef { r#type: grantee.kind, id: grantee.id.clone() },
            categories: form.kinds.clone(),
            from: None,
            to: None,
            labels: form.sensitive.clone(),
            // The keys of sealed documents are handed over by the patient's own browser, which a script is not.
            sealed: Vec::new(),
            purpose: form.purpose,
            until,
            note: form.note.clone(),
            request: None,
        };
        consent::service::grant(&ctx, &inside, tx, &terms, grantee).map_err(at_plain_names)
    });
    Ok((StatusCode::CREATED, Json(given.await?)))
}

/// What is wrong, under the names that this form has for it.
fn at_plain_names(error: ConsentError) -> Problem {
    let mut problem = Problem::from(error);
    for issue in &mut problem.issues {
        let plain = match issue.path.as_str() {
            "categories" => "kinds",
            "until" => "days",
            "labels" => "sensitive",
            _ => continue,
        };
        issue.path = plain.to_owned();
    }
    problem
}

fn grantee(tx: &mut Tx<'_>, house: &House, form: &GrantAccess) -> Result<Grantee, Problem> {
    let unknown = |path: &str, text: &str| Problem::unprocessable(vec![Issue::new("not-found", path, text)]);
    match (&form.doctor, &form.clinic) {
        (Some(doctor), None) => {
            if let Some(found) = consent::resolve(tx, house, GranteeType::Practitioner, doctor)? {
                return Ok(found);
            }
            let named = identity::practitioner_named(tx, house, doctor)?;
            let found = match named {
                Some(id) => consent::resolve(tx, house, GranteeType::Practitioner, &id)?,
                None => None,
            };
            found.ok_or_else(|| unknown("doctor", "There is no doctor here of this id, user name or e-mail."))
        }
        (None, Some(clinic)) => consent::resolve(tx, house, GranteeType::Organization, clinic)?
            .ok_or_else(|| unknown("clinic", "There is no clinic here of this id.")),
        _ => Err(unknown("doctor", "Say whom: either a doctor or a clinic.")),
    }
}
