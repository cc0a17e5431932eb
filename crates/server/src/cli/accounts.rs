//! `user add` and `token create`: who can sign in.

use super::{Failed, block_on, operator, patient_id};
use crate::api::organizations;
use crate::people::{self, Secret, Stands};
use clap::{Args, Subcommand, ValueEnum};
use fhir::Kind;
use identity::{NewAccount, Workplace};
use kernel::{Ctx, Id, Role};
use ledger::House;
use std::io::Read;

#[derive(Subcommand)]
pub enum User {
    /// Make an account
    #[command(
        after_help = "Examples: healthsync user add --username asha --password - --role patient --patient 057aa36e\n\
                            \u{20}         healthsync user add --username dr-kim --password - --role practitioner \
                            --name 'Dr Kim Lee' --organization 'Riverside Clinic'\n\
                            With - the password is read from standard input, where no list of processes shows it."
    )]
    Add(NewUser),
}

#[derive(Args)]
pub struct NewUser {
    /// What they sign in with: letters, digits and . _ - @
    #[arg(long)]
    username: String,
    /// At least 8 characters; - reads it from standard input
    #[arg(long, required_unless_present = "password_hash")]
    password: Option<String>,
    /// Instead, the hash that another program kept: bcrypt ($2b$…) or Argon2id; - reads it from standard input
    #[arg(long, value_name = "HASH", conflicts_with = "password")]
    password_hash: Option<String>,
    #[arg(long, value_enum)]
    role: RoleArg,
    /// The FHIR id, or an identifier, of the Patient whose record is theirs; without it a patient gets an empty record
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
    /// The FHIR id of the Practitioner they are; without it one is made
    #[arg(long, value_name = "ID")]
    practitioner: Option<String>,
    /// Their name [default: that of their Patient or Practitioner, else the user name]
    #[arg(long)]
    name: Option<String>,
    /// Another way to sign in
    #[arg(long)]
    email: Option<String>,
    /// Where they work, by FHIR id or name; can be given several times
    #[arg(long, value_name = "ID|NAME")]
    organization: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    Patient,
    Practitioner,
    Administrator,
}

#[derive(Subcommand)]
pub enum Token {
    /// Print one bearer token, good for a year, for an organization's own software
    #[command(
        after_help = "Example: TOKEN=$(healthsync token create --service lab --organization 'Riverside Clinic')\n\
                            The organization is made if none has this name. Works while the server runs."
    )]
    Create(NewToken),
}

#[derive(Args)]
pub struct NewToken {
    /// What the program is called in the ledger
    #[arg(long, value_name = "NAME")]
    service: String,
    /// Whose program it is
    #[arg(long, value_name = "NAME")]
    organization: String,
}

pub fn add_user(house: &House, user: NewUser) -> Result<(), Failed> {
    let ctx = operator(house);
    let (role, resource) = match user.role {
        RoleArg::Patient => {
            let named = user.patient.as_deref().map(|name| patient_id(house, name)).transpose()?;
            (Role::Patient, named)
        }
        RoleArg::Practitioner => (Role::Practitioner, user.practitioner.clone()),
        RoleArg::Administrator => (Role::Administrator, None),
    };
    if (user.patient.is_some() && role != Role::Patient) || (user.practitioner.is_some() && role != Role::Practitioner)
    {
        return Err(Failed::Usage(
            "--patient goes with --role patient, --practitioner with --role practitioner".to_owned(),
        ));
    }
    let given = |secret: Option<String>| match secret.as_deref() {
        Some("-") => from_stdin().map(Some),
        _ => Ok(secret),
    };
    let (password, hash) = (given(user.password)?, given(user.password_hash)?);
    let account = block_on(async {
        let mut workplaces = Vec::new();
        for organization in &user.organization {
            workplaces.push(workplace(house, &ctx, organization).await?);
        }
        let name = match (user.name, &resource) {
            (Some(name), _) => name,
            (None, Some(id)) => name_of(house, &ctx, role, id).await.unwrap_or_else(|| user.username.clone()),
            (None, None) => user.username.clone(),
        };
        let stands = match (role, resource) {
            (Role::Administrator, _) => Stands::Nobody,
            (_, Some(id)) => Stands::For(id),
            (_, None) => Stands::New,
        };
        let new = NewAccount { role, username: user.username, email: user.email, password, name };
        let secret = hash.map_or(Secret::Chosen, Secret::Hash);
        people::add(house, &ctx, new, secret, stands, workplaces).await
    })??;
    println!("{} ({}) can sign in as {}.", account.name, account.role.as_str(), account.username);
    Ok(())
}

/// By id first: a name can be that of several, an id cannot.
async fn workplace(house: &House, ctx: &Ctx, text: &str) -> Result<Workplace, kernel::Problem> {
    if let Ok(found) = people::workplaces(house, ctx, &[text.to_owned()]).await
        && let Some(first) = found.into_iter().next()
    {
        return Ok(first);
    }
    let found = organizations::find_or_create(house, ctx, text).await?;
    Ok(Workplace { rid: Id::new(found.rid), id: found.id, name: found.name })
}

async fn name_of(house: &House, ctx: &Ctx, role: Role, id: &str) -> Option<String> {
    let kind = if role == Role::Patient { Kind::Patient } else { Kind::Practitioner };
    let found = records::service::read(house, ctx, kind, id).await.ok()?;
    people::display_name(&found.release(house).await.ok()?.json)
}

fn from_stdin() -> Result<String, Failed> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text).map_err(|e| format!("The password cannot be read: {e}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

pub fn create_token(house: &House, token: &NewToken) -> Result<(), Failed> {
    let ctx = operator(house);
    let secret = block_on(async {
        let found = organizations::find_or_create(house, &ctx, &token.organization).await?;
        let organization = Workplace { rid: Id::new(found.rid), id: found.id, name: found.name };
        Ok::<_, kernel::Problem>(identity::token_create(house, &ctx, &token.service, organization).await?)
    })??;
    println!("{secret}");
    Ok(())
}
