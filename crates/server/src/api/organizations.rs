//! Organizations: clinics and hospitals in the directory.

use super::people::only_administrators;
use crate::desk::Desk;
use axum::extract::State;
use axum::{Extension, Json};
use db::DbError;
use fhir::{Kind, Node};
use http::StatusCode;
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Issue, Problem};
use ledger::House;
use records::bundle::{Options, process};
use records::model::Stored;
use records::search;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// The beginning of the name.
    pub query: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Organizations {
    pub organizations: Vec<Organization>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Organization {
    pub id: String,
    pub name: String,
    pub city: Option<String>,
    /// Accounts of people who work there.
    pub members: i64,
    #[serde(skip)]
    pub rid: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    pub name: String,
    pub city: Option<String>,
    pub phone: Option<String>,
}

/// Organizations shown at once: a page of people, not a register of a country.
const SHOWN: i64 = 200;
const NAME_MAX: usize = 200;

/// The organizations of the directory, by name.
#[utoipa::path(get, path = "/api/admin/organizations", tag = "admin", params(Find),
    responses((status = 200, body = Organizations), (status = 401), (status = 403)))]
pub async fn list(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    find: Result<Params<Find>, Problem>,
) -> Result<Json<Organizations>, Problem> {
    only_administrators(&ctx)?;
    let Params(find) = find?;
    let wanted = find.query.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let mut found = named(&desk.house, &ctx, wanted.map(|q| ("name", q)), SHOWN).await?;
    found.sort_by_cached_key(|organization| organization.name.to_lowercase());
    Ok(Json(Organizations { organizations: found }))
}

/// Adds an organization to the directory.
#[utoipa::path(post, path = "/api/admin/organizations", tag = "admin", request_body = NewOrganization,
    responses((status = 201, body = Organization), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub async fn create(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<NewOrganization>, Problem>,
) -> Result<(StatusCode, Json<Organization>), Problem> {
    only_administrators(&ctx)?;
    ctx.confirmed()?;
    let JsonBody(form) = form?;
    let name = checked_name(&form.name)?;
    let taken = |name: &str| Problem::new(409, "taken", format!("There is an organization called {name} already."));
    if let Some(other) = alike(&desk.house, &ctx, &name).await? {
        return Err(taken(&other));
    }
    if !make(&desk.house, &ctx, form).await? {
        return Err(taken(&name));
    }
    let made = exactly(&desk.house, &ctx, &name).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// The name of an organization that nobody would tell from this one: capitals and spaces aside they are the same.
async fn alike(house: &House, ctx: &Ctx, name: &str) -> Result<Option<String>, Problem> {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let first = name.split_whitespace().next().unwrap_or_default();
    let found = named(house, ctx, Some(("name", &escaped(first))), SHOWN).await?;
    Ok(found.into_iter().map(|one| one.name).find(|other| plain(other) == plain(name)))
}

/// The organization of this name, made when there is none.
pub async fn find_or_create(house: &House, ctx: &Ctx, name: &str) -> Result<Organization, Problem> {
    let name = checked_name(name)?;
    make(house, ctx, NewOrganization { name: name.clone(), city: None, phone: None }).await?;
    exactly(house, ctx, &name).await
}

/// Says whether one was made.
async fn make(house: &House, ctx: &Ctx, form: NewOrganization) -> Result<bool, Problem> {
    let (house, ctx) = (house.clone(), ctx.clone());
    tokio::task::spawn_blocking(move || ensure(&house, &ctx, &form)).await.map_err(|_| Problem::internal())?
}

/// Makes the organization unless one has its name; says whether it did. Asked and made in one transaction, so that two
/// callers at the same moment make one.
fn ensure(house: &House, ctx: &Ctx, form: &NewOrganization) -> Result<bool, Problem> {
    let name = checked_name(&form.name)?;
    let mut resource = Node::object([
        ("resourceType", Node::from("Organization")),
        ("active", Node::Bool(true)),
        ("name", name.as_str().into()),
    ]);
    if let Some(phone) = filled(form.phone.as_deref()) {
        let phone = Node::object([("system", Node::from("phone")), ("value", phone.into())]);
        resource.set("telecom", Node::Array(vec![phone]));
    }
    if let Some(city) = filled(form.city.as_deref()) {
        resource.set("address", Node::Array(vec![Node::object([("city", Node::from(city))])]));
    }
    let condition = format!("name:exact={}", percent(&escaped(&name)));
    let request = Node::object([
        ("method", Node::from("POST")),
        ("url", "Organization".into()),
        ("ifNoneExist", condition.as_str().into()),
    ]);
    let bundle = Node::object([
        ("resourceType", Node::from("Bundle")),
        ("type", "transaction".into()),
        ("entry", Node::Array(vec![Node::object([("resource", resource), ("request", request)])])),
    ]);
    match process(house, ctx, bundle.to_bytes(), &Options::default()) {
        Ok(done) => Ok(done.created > 0),
        // Imported directories may hold a name twice: then it exists for certain.
        Err(problem) if problem.kind == "multiple-matches" => Ok(false),
        Err(problem) => Err(problem),
    }
}

async fn exactly(house: &House, ctx: &Ctx, name: &str) -> Result<Organization, Problem> {
    let found = named(house, ctx, Some(("name:exact", &escaped(name))), 1).await?;
    found.into_iter().next().ok_or_else(Problem::internal)
}

async fn named(house: &House, ctx: &Ctx, by: Option<(&str, &str)>, most: i64) -> Result<Vec<Organization>, Problem> {
    let mut pairs = vec![("_count".to_owned(), most.to_string())];
    pairs.extend(by.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let query = search::parse(Kind::Organization, &pairs)?;
    let page = records::service::search(house, ctx, query).await?.release(house).await?;
    let mut found: Vec<Organization> = page.matches.iter().filter_map(shown).collect();
    let rids: Vec<i64> = found.iter().map(|organization| organization.rid).collect();
    let members = house.db.read(move |tx| members(tx, &rids)).await?;
    for (organization, members) in found.iter_mut().zip(members) {
        organization.members = members;
    }
    Ok(found)
}

fn members(tx: &mut db::Tx<'_>, organizations: &[i64]) -> Result<Vec<i64>, DbError> {
    let one = |rid: &i64| tx.count("SELECT COUNT(*) FROM membership WHERE organization = ?1", &[(*rid).into()]);
    organizations.iter().map(one).collect()
}

fn shown(stored: &Stored) -> Option<Organization> {
    let node = fhir::json::parse(&stored.json).ok()?;
    let city = node.array_of("address").iter().find_map(|a| a.str_of("city")).map(str::to_owned);
    let name = node.str_of("name").unwrap_or("(without a name)").to_owned();
    Some(Organization { id: stored.id().to_owned(), name, city, members: 0, rid: stored.rid })
}

fn checked_name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    let text = match name.chars().count() {
        0 => "An organization needs a name.".to_owned(),
        _ if kernel::text::hides(name) => "A name has only letters that can be seen.".to_owned(),
        1..=NAME_MAX => return Ok(name.to_owned()),
        _ => format!("A name has at most {NAME_MAX} letters."),
    };
    Err(Problem::unprocessable(vec![Issue::new("value", "name", text)]))
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// A value of a search parameter: `\`, `,`, `|` and `$` stand for themselves.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | ',' | '|' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_itself_in_a_search() {
        assert_eq!(escaped("A, B | C"), "A\\, B \\| C");
        assert_eq!(percent("Ä b"), "%C3%84%20b");
    }

    #[test]
    fn a_name_is_needed() {
        assert_eq!(checked_name("  Riverside ").unwrap(), "Riverside");
        assert_eq!(checked_name(" ").unwrap_err().status, 422);
        assert_eq!(checked_name(&"x".repeat(201)).unwrap_err().status, 422);
    }
}
