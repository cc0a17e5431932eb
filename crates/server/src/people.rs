//! People in both of their forms: the account that signs in and the resource in the records or the directory.
//!
//! Both come into being in one transaction: an account without its Patient could do nothing, and a Patient whose
//! account could not be made would be nobody's.

use fhir::{Kind, Node};
use identity::{Account, Link, Links, NewAccount, Workplace};
use kernel::{Actor, Ctx, Id, Issue, Problem, Role};
use ledger::House;
use records::change::create_in;
use std::sync::Arc;

/// Which resource a new account stands for.
#[derive(Clone, Debug)]
pub enum Stands {
    /// One that is there already, by its FHIR id.
    For(String),
    /// One that is made with the account.
    New,
    /// None: administrators.
    Nobody,
}

/// How a new account signs in.
#[derive(Clone, Debug)]
pub enum Secret {
    /// By the password that the account comes with, which is none that everybody tries first.
    Chosen,
    /// By one that everybody is told: in a demonstration.
    Public,
    /// By the password of another program, of which this is the hash.
    Hash(String),
}

/// Makes an account, and what it stands for.
pub async fn add(
    house: &House,
    ctx: &Ctx,
    new: NewAccount,
    secret: Secret,
    stands: Stands,
    workplaces: Vec<Workplace>,
) -> Result<Account, Problem> {
    identity::administrator(ctx).map_err(Problem::from)?;
    let (role, name) = (new.role, new.name.clone());
    let ready = match secret {
        Secret::Chosen => identity::prepare(house, new).await?,
        Secret::Public => identity::prepare_demonstration(house, new).await?,
        Secret::Hash(hash) => identity::prepare_with_hash(new, hash)?,
    };
    let mut links = Links { organizations: workplaces, ..Links::default() };
    if let Stands::For(id) = &stands {
        let rid = find(house, ctx, role, id).await?;
        link(&mut links, role, rid, id);
    }
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    let made = db.write(move |tx| {
        if matches!(stands, Stands::New) {
            // An administrator keeps no records; the account and the empty record are one act of the server's.
            let server = Ctx { actor: Actor::Operator, ..ctx.clone() };
            match role {
                Role::Patient => {
                    let made = create_in(tx, &house, &server, Kind::Patient, &person("Patient", &name))?;
                    link(&mut links, role, made.rid, made.id());
                }
                Role::Practitioner => {
                    let made = create_in(tx, &house, &server, Kind::Practitioner, &person("Practitioner", &name))?;
                    for workplace in &links.organizations {
                        let role = practitioner_role(made.id(), &workplace.id);
                        create_in(tx, &house, &server, Kind::PractitionerRole, &role)?;
                    }
                    link(&mut links, role, made.rid, made.id());
                }
                Role::Administrator | Role::Service => {}
            }
        }
        identity::insert(tx, &house, &ctx, ready, links)
    });
    Ok(made.await?)
}

fn link(links: &mut Links, role: Role, rid: i64, id: &str) {
    match role {
        Role::Patient => links.patient = Some(Link::new(Id::new(rid), id)),
        Role::Practitioner => links.practitioner = Some(Link::new(Id::new(rid), id)),
        Role::Administrator | Role::Service => {}
    }
}

/// The row of the Patient or Practitioner with this FHIR id.
async fn find(house: &House, ctx: &Ctx, role: Role, id: &str) -> Result<i64, Problem> {
    let (kind, field) = match role {
        Role::Patient => (Kind::Patient, "patient"),
        Role::Practitioner => (Kind::Practitioner, "practitioner"),
        Role::Administrator | Role::Service => {
            let text = "Only patients and practitioners stand for a resource.";
            return Err(Problem::unprocessable(vec![Issue::new("value", "role", text)]));
        }
    };
    match records::service::read(house, ctx, kind, id).await {
        Ok(found) => Ok(found.release(house).await?.rid),
        Err(problem) if problem.status == 404 || problem.status == 410 => {
            let text = format!("There is no {kind} with the id {id}.");
            Err(Problem::unprocessable(vec![Issue::new("not-found", field, text)]))
        }
        Err(problem) => Err(problem),
    }
}

/// The organizations with these FHIR ids, as places to work.
pub async fn workplaces(house: &House, ctx: &Ctx, ids: &[String]) -> Result<Vec<Workplace>, Problem> {
    let mut out = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let found = match records::service::read(house, ctx, Kind::Organization, id).await {
            Ok(found) => found.release(house).await?,
            Err(problem) if problem.status == 404 || problem.status == 410 => {
                let text = "There is no organization with this id.";
                return Err(Problem::unprocessable(vec![Issue::new(
                    "not-found",
                    format!("organizations[{index}]"),
                    text,
                )]));
            }
            Err(problem) => return Err(problem),
        };
        let node = fhir::json::parse(&found.json).map_err(|_| Problem::internal())?;
        let name = node.str_of("name").unwrap_or("(without a name)").to_owned();
        out.push(Workplace { rid: Id::new(found.rid), id: id.clone(), name });
    }
    Ok(out)
}

/// What a person is called in a Patient or Practitioner resource.
pub fn display_name(json: &[u8]) -> Option<String> {
    let node = fhir::json::parse(json).ok()?;
    let name = node.array_of("name").first()?;
    if let Some(text) = name.str_of("text") {
        return Some(text.to_owned());
    }
    let given = name.array_of("given").iter().filter_map(Node::as_str);
    let words: Vec<&str> = given.chain(name.str_of("family")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Each word is a name of its own: who looks for somebody knows one of them, and not which stands first.
fn words(given: &str) -> Node<'_> {
    Node::Array(given.split_whitespace().map(Node::from).collect())
}

/// `Dr Mira van Dyk`: the last word is taken for the family name; the whole stays as it was written.
fn person(kind: &'static str, name: &str) -> Vec<u8> {
    let name = name.trim();
    let mut human = Node::object([("text", Node::from(name))]);
    if let Some((given, family)) = name.rsplit_once(' ') {
        human.set("family", family.into());
        human.set("given", words(given));
    }
    Node::object([("resourceType", Node::from(kind)), ("active", Node::Bool(true)), ("name", Node::Array(vec![human]))])
        .to_bytes()
}

fn practitioner_role(practitioner: &str, organization: &str) -> Vec<u8> {
    let to = |kind: &str, id: &str| Node::object([("reference", Node::from(format!("{kind}/{id}")))]);
    Node::object([
        ("resourceType", Node::from("PractitionerRole")),
        ("active", Node::Bool(true)),
        ("practitioner", to("Practitioner", practitioner)),
        ("organization", to("Organization", organization)),
    ])
    .to_bytes()
}

/// The Practitioner of somebody whom two administrators found good, and a role in each of their workplaces; made in the
/// transaction of the second check.
pub fn verified_practitioner(
    tx: &mut db::Tx<'_>,
    house: &House,
    ctx: &Ctx,
    admitted: &identity::verification::Admitted,
) -> Result<Link<kernel::id::Practitioner>, Problem> {
    let person = person("Practitioner", &admitted.name);
    let mut practitioner = fhir::json::parse(&person).map_err(|_| Problem::internal())?;
    let details = &admitted.details;
    let number = Node::object([("value", Node::from(details.registration_number.as_str()))]);
    practitioner.set(
        "qualification",
        Node::Array(vec![Node::object([
            ("identifier", Node::Array(vec![number])),
            ("code", Node::object([("text", Node::from(details.profession.as_str()))])),
            ("issuer", Node::object([("display", Node::from(details.register.as_str()))])),
        ])]),
    );
    // An administrator keeps the directory; that this entry may be made is what the two checks said.
    let server = Ctx { actor: Actor::Operator, ..ctx.clone() };
    let made = create_in(tx, house, &server, Kind::Practitioner, &practitioner.to_bytes())?;
    for workplace in &admitted.workplaces {
        let role = practitioner_role(made.id(), &workplace.id);
        create_in(tx, house, &server, Kind::PractitionerRole, &role)?;
    }
    Ok(Link::new(Id::new(made.rid), made.id()))
}

/// The Patient of somebody who registers, made in the transaction that makes the account.
pub fn register_patient(
    tx: &mut db::Tx<'_>,
    house: &House,
    ctx: &Ctx,
    form: &identity::Newcomer,
) -> Result<Link<kernel::id::Patient>, Problem> {
    let (given, family) = (form.given.trim(), form.family.trim());
    let name = Node::object([("use", Node::from("official")), ("family", family.into()), ("given", words(given))]);
    let email = Node::object([("system", Node::from("email")), ("value", form.email.trim().into())]);
    let mut patient = Node::object([
        ("resourceType", Node::from("Patient")),
        ("active", Node::Bool(true)),
        ("name", Node::Array(vec![name])),
        ("gender", form.gender.as_str().into()),
        ("birthDate", form.birth_date.as_str().into()),
    ]);
    // A child whom a parent adds has none.
    if !form.email.trim().is_empty() {
        patient.set("telecom", Node::Array(vec![email]));
    }
    // Nobody has no right to make anything: it is the server that opens a record for whoever registers.
    let server = Ctx { actor: Actor::Operator, name: Arc::from("Registration"), ..ctx.clone() };
    let made = create_in(tx, house, &server, Kind::Patient, &patient.to_bytes())?;
    Ok(Link::new(Id::new(made.rid), made.id()))
}

/// Ends one record for good: its key, and all that any room keeps of it. Returns how many entries there were.
pub fn erase(tx: &mut db::Tx<'_>, house: &House, ctx: &Ctx, patient: Id<kernel::id::Patient>) -> Result<i64, Problem> {
    let count = records::erase::erase(tx, house, ctx, patient)?;
    consent::service::forget_patient(ctx, house, tx, patient)?;
    exchange::forget_patient(tx, patient)?;
    documents::leave_guarded_vaults(house, tx, patient)?;
    documents::forget_patient(tx, patient, ctx.now())?;
    identity::forget_patient(tx, patient)?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_from_its_text_or_its_parts() {
        for (json, name) in [
            (r#"{"name":[{"text":"Dr Mira van Dyk"}]}"#, Some("Dr Mira van Dyk")),
            (r#"{"name":[{"given":["Mira","Ann"],"family":"Dyk"}]}"#, Some("Mira Ann Dyk")),
            (r#"{"name":[{}]}"#, None),
            (r"{}", None),
        ] {
            assert_eq!(display_name(json.as_bytes()).as_deref(), name, "{json}");
        }
    }

    #[test]
    fn each_word_of_a_first_name_is_a_name() {
        let bytes = person("Practitioner", "Dr Kim  Lee");
        let node = fhir::json::parse(&bytes).unwrap();
        let name = node.array_of("name").first().unwrap();
        let given: Vec<&str> = name.array_of("given").iter().filter_map(Node::as_str).collect();
        assert_eq!((given, name.str_of("family")), (vec!["Dr", "Kim"], Some("Lee")));
    }

    #[test]
    fn what_is_made_for_a_person_is_valid_fhir() {
        for kind in ["Patient", "Practitioner"] {
            for name in ["Mira van Dyk", "Cher"] {
                let bytes = person(kind, name);
                let node = fhir::json::parse(&bytes).unwrap();
                assert!(fhir::validate(&node).is_ok(), "{kind} {name}");
                assert_eq!(display_name(&bytes).as_deref(), Some(name));
            }
        }
        let bytes = practitioner_role("a", "b");
        assert!(fhir::validate(&fhir::json::parse(&bytes).unwrap()).is_ok());
    }
}
