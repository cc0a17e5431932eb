//! Who there is: a practitioner's patients, and the directory that a patient chooses from.

use super::summary::{header, newest};
use super::{Look, describe, found, names, words};
use crate::error::Error;
use crate::model::Stored;
use crate::search;
use crate::service;
use consent::access::{Reach, Terms};
use consent::{Access, Category, GranteeType, Label, body::display_name};
use db::Tx;
use fhir::search::query::fold;
use fhir::{Kind, Node};
use kernel::{Actor, Ctx, Problem, Purpose, Timestamp};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MyPatients {
    /// By name.
    pub patients: Vec<MyPatient>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyPatient {
    pub id: String,
    pub name: String,
    #[schema(required = true, format = Date)]
    pub birth_date: Option<String>,
    #[schema(required = true)]
    pub age: Option<i64>,
    #[schema(required = true)]
    pub gender: Option<String>,
    pub grant: GrantInForce,
    /// The date of the newest entry that the grant shows.
    #[schema(required = true, format = DateTime)]
    pub last_updated: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GrantInForce {
    pub id: i64,
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    /// `null` means every kind of data.
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    pub labels: Vec<Label>,
    #[schema(value_type = String)]
    pub purpose: Purpose,
    /// `you`, or the name of the organization that it was given to.
    pub via: String,
}

/// The patients who let this practitioner in, by whose name or date of birth the query is.
pub async fn my_patients(house: &House, ctx: &Ctx, query: &str) -> Result<Disclosure<MyPatients>, Problem> {
    let wanted = Wanted { query: query.to_owned(), ..Wanted::default() };
    let found = find(house, ctx, wanted).await?;
    Ok(found.map(|found| MyPatients { patients: found.into_iter().map(|found| found.patient).collect() }))
}

/// Which of their patients a practitioner looks for: all of what is said must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The beginning of names, or of a date of birth.
    pub query: String,
    /// The beginning of a date of birth.
    pub birth_date: Option<String>,
    /// A code of a condition, or the beginning of each of its words.
    pub condition: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPatient {
    pub patient: MyPatient,
    /// The conditions that were looked for, as they are called in this record.
    pub conditions: Vec<String>,
}

/// The patients who let this practitioner in and who are as wanted, by name. What a grant does not show finds nobody.
pub async fn find(house: &House, ctx: &Ctx, wanted: Wanted) -> Result<Disclosure<Vec<FoundPatient>>, Problem> {
    let access = Access::open(ctx)?;
    let Actor::Practitioner { practitioner, .. } = ctx.actor else {
        return Err(Problem::forbidden("Only practitioners have patients here."));
    };
    let (h, c, own) = (house.clone(), ctx.clone(), practitioner.get());
    let query = fold(&wanted.query);
    house
        .db
        .scan(move |tx| {
            let mut patients = Vec::new();
            let mut shown = Vec::new();
            let mut houses = BTreeMap::new();
            for (rid, reach) in grants_by_patient(access.reachable(tx)?, own) {
                let mut look = Look::new(&h, &c, &access, rid);
                let Some(patient) = my_patient(tx, &mut look, &reach, own, &mut houses)? else { continue };
                let born = patient.birth_date.as_deref().unwrap_or_default();
                if !matches(&patient, &query) || !wanted.birth_date.as_deref().is_none_or(|day| born.starts_with(day)) {
                    continue;
                }
                let conditions = match &wanted.condition {
                    Some(condition) => conditions(tx, &look, condition)?,
                    None => Vec::new(),
                };
                if wanted.condition.is_none() || !conditions.is_empty() {
                    patients.push(FoundPatient { patient, conditions });
                    shown.push((rid, look.seen.take()));
                }
            }
            patients.sort_by_cached_key(|found| (fold(&found.patient.name), found.patient.id.clone()));
            let mut entries = Vec::with_capacity(shown.len());
            for (rid, seen) in &shown {
                entries.push(service::trace_one(tx, &c, &access, Action::Search, ("Patient", 1), (*rid, seen))?);
            }
            Ok(Disclosure::new(patients, entries))
        })
        .await
        .map_err(|error: Error| error.into())
}

/// What the conditions of a record are called that have this code, or words that begin so; not those that were withdrawn.
fn conditions(tx: &mut Tx<'_>, look: &Look<'_>, wanted: &str) -> Result<Vec<String>, Error> {
    let rids: Vec<i64> = found::of_kind(tx, look, Kind::Condition)?.iter().map(|found| found.rid).collect();
    let open = found::open(tx, look, &rids)?;
    let words: Vec<String> = fold(wanted).split_whitespace().map(str::to_owned).collect();
    let mut names = Vec::new();
    for stored in rids.iter().filter_map(|rid| open.get(rid)) {
        let node = found::parse(stored)?;
        if describe::withdrawn(&node) {
            continue;
        }
        let name = words::concept_of(&node, "code").unwrap_or_default();
        let codings = node.get("code").map_or(&[][..], |code| code.array_of("coding"));
        let coded = codings.iter().any(|c| c.str_of("code").is_some_and(|code| code.eq_ignore_ascii_case(wanted)));
        let folded = fold(&name);
        let begins = |word: &String| folded.split([' ', '-', '(']).any(|part| part.starts_with(word.as_str()));
        if (coded || !words.is_empty() && words.iter().all(begins)) && !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// One grant per patient: what the patient gave before an emergency, unless the emergency opens more; to the practitioner in
/// person before one to an organization, then the one that lasts longest.
fn grants_by_patient(mut all: Vec<Reach>, own: i64) -> BTreeMap<i64, Reach> {
    let given: Vec<(i64, Terms)> = all.iter().filter(|r| !is_emergency(r)).map(|r| (r.patient, r.terms)).collect();
    let areas = Label::ALL.iter().fold(0, |bits, label| bits | label.bit());
    let whole = Terms { categories: super::ENTRIES, labels: areas, ..Terms::all() };
    let enough =
        |emergency: &Reach| given.iter().any(|(patient, terms)| *patient == emergency.patient && terms.hold(whole));
    all.retain(|reach| !is_emergency(reach) || !enough(reach));
    all.sort_by_key(|reach| (is_emergency(reach), reach.grantee == own, reach.until, reach.grant));
    all.into_iter().map(|reach| (reach.patient, reach)).collect()
}

fn is_emergency(reach: &Reach) -> bool {
    reach.purpose == Purpose::Emergency
}

fn my_patient(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    reach: &Reach,
    own: i64,
    houses: &mut BTreeMap<i64, String>,
) -> Result<Option<MyPatient>, Error> {
    let found = match header(tx, look) {
        // An erased patient is nobody's.
        Err(Error::Vault(vault::VaultError::NoKey)) => None,
        other => other?,
    };
    let Some(patient) = found else { return Ok(None) };
    let via = match (reach.grantee == own, houses.get(&reach.grantee)) {
        (true, _) => "you".to_owned(),
        (false, Some(name)) => name.clone(),
        (false, None) => {
            let name = match names::by_number(tx, look, reach.grantee)? {
                Some(stored) => display_name(&found::parse(&stored)?),
                None => String::new(),
            };
            houses.insert(reach.grantee, name.clone());
            name
        }
    };
    let bits = reach.terms.categories;
    let chosen = || Category::ALL.into_iter().filter(|c| *c != Category::Person && bits & c.bit() != 0).collect();
    let grant = GrantInForce {
        id: reach.grant,
        until: (reach.until != consent::rules::NO_END).then(|| Timestamp(reach.until).to_rfc3339()),
        categories: (bits & super::ENTRIES != super::ENTRIES).then(chosen),
        labels: Label::ALL.into_iter().filter(|label| reach.terms.labels & label.bit() != 0).collect(),
        purpose: reach.purpose,
        via,
    };
    Ok(Some(MyPatient {
        id: patient.id,
        name: patient.name,
        birth_date: patient.birth_date,
        age: patient.age,
        gender: patient.gender,
        grant,
        last_updated: newest(tx, look)?,
    }))
}

/// Each word of the query begins a word of the name, or the date of birth.
fn matches(patient: &MyPatient, query: &str) -> bool {
    let name = fold(&patient.name);
    let birth = patient.birth_date.as_deref().unwrap_or_default();
    query.split(' ').all(|word| birth.starts_with(word) || name.split([' ', '-']).any(|part| part.starts_with(word)))
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Directory {
    pub items: Vec<DirectoryItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DirectoryItem {
    pub r#type: GranteeType,
    pub id: String,
    pub name: String,
    /// Speciality and workplace, or the town.
    #[schema(required = true)]
    pub detail: Option<String>,
    /// Whether somebody there has an account, so that a grant will be noticed.
    pub reachable: bool,
}

/// Entries of one type.
const ITEMS: i64 = 20;

/// Practitioners and organizations, of whose names each word of the query begins a word.
pub async fn directory(house: &House, ctx: &Ctx, query: &str, only: Option<GranteeType>) -> Result<Directory, Problem> {
    let access = Access::open(ctx)?;
    let (h, c, query) = (house.clone(), ctx.clone(), query.to_owned());
    let both = [GranteeType::Practitioner, GranteeType::Organization];
    house
        .db
        .scan(move |tx| {
            let mut look = Look::new(&h, &c, &access, vault::DIRECTORY);
            let mut items = Vec::new();
            for kind in both.into_iter().filter(|kind| only.is_none_or(|only| only == *kind)) {
                let page = search::run(tx, &h, &access, &search::parse(kind.kind(), &criteria(&query))?)?;
                for stored in &page.matches {
                    items.push(item(tx, &mut look, kind, stored)?);
                }
            }
            Ok::<_, Error>(Directory { items })
        })
        .await
        .map_err(Problem::from)
}

/// Each word is the beginning of a word of the name.
fn criteria(query: &str) -> Vec<(String, String)> {
    let words = query.split_whitespace().map(|word| word.trim_start_matches(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).take(8).collect();
    // Signs between words are none; signs alone are the name of nobody, and not of everybody.
    if words.is_empty() {
        words.extend(query.split_whitespace().next());
    }
    let mut pairs: Vec<_> = words.into_iter().map(|word| ("name".to_owned(), search::escaped(word))).collect();
    pairs.push(("_count".to_owned(), ITEMS.to_string()));
    pairs
}

fn item(tx: &mut Tx<'_>, look: &mut Look<'_>, kind: GranteeType, stored: &Stored) -> Result<DirectoryItem, Error> {
    let node = found::parse(stored)?;
    let (detail, accounts) = match kind {
        GranteeType::Practitioner => {
            (workplace(tx, look, stored, &node)?, "SELECT COUNT(*) FROM account WHERE practitioner = ?1 AND state = 0")
        }
        GranteeType::Organization => {
            let city = node.array_of("address").iter().find_map(|a| words::text_of(a, "city")).map(str::to_owned);
            let sql = "SELECT COUNT(*) FROM membership m JOIN account a ON a.account = m.account
                       WHERE m.organization = ?1 AND a.state = 0";
            (city, sql)
        }
    };
    let name = Some(display_name(&node)).filter(|name| !name.is_empty());
    Ok(DirectoryItem {
        r#type: kind,
        id: stored.id().to_owned(),
        name: name.unwrap_or_else(|| "(without a name)".to_owned()),
        detail,
        reachable: tx.count(accounts, &[stored.rid.into()])? > 0,
    })
}

/// What a practitioner is and where, by their role, else by their qualification.
fn workplace(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    stored: &Stored,
    practitioner: &Node<'_>,
) -> Result<Option<String>, Error> {
    let by =
        [("practitioner".to_owned(), format!("Practitioner/{}", stored.id())), ("_count".to_owned(), "1".to_owned())];
    let roles = search::run(tx, look.house, look.access, &search::parse(Kind::PractitionerRole, &by)?)?;
    if let Some(role) = roles.matches.first() {
        let node = found::parse(role)?;
        let what = words::concept_of(&node, "specialty").or_else(|| words::concept_of(&node, "code"));
        return Ok(words::join([what, names::at(tx, look, &node, &["organization"])?]));
    }
    Ok(practitioner.array_of("qualification").iter().find_map(|q| words::concept_of(q, "code")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_is_found_by_the_beginning_of_each_word() {
        let patient = |name: &str| MyPatient {
            id: "1".into(),
            name: name.into(),
            birth_date: Some("1980-06-15".into()),
            age: None,
            gender: None,
            grant: GrantInForce {
                id: 1,
                until: None,
                categories: None,
                labels: Vec::new(),
                purpose: Purpose::Treatment,
                via: "you".into(),
            },
            last_updated: None,
        };
        let found = |query: &str| matches(&patient("Asha Müller-Rao"), &fold(query));
        assert!(found("") && found("ash") && found("RAO a") && found("muller") && found("1980-06"));
        assert!(!found("sha") && !found("asha x") && !found("1981"));
    }

    #[test]
    fn a_comma_in_a_name_is_no_alternative() {
        assert_eq!(criteria("Rao, Roe")[0].1, "Rao\\,");
        assert_eq!(criteria(" ").len(), 1);
        assert_eq!(
            criteria("Rao & (Roe").iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>(),
            ["Rao", "Roe", "20"]
        );
    }
}
