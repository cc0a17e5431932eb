//! Codes sent by e-mail, and recovery codes.
//!
//! A code sent by e-mail alone opens a limited session: NIST SP 800-63B (section 3.1.3.1) does not take e-mail for a proof
//! of who somebody is. With a recovery code it is one. Whether an address is anybody's is never said.

use crate::access::{person, signed_in};
use crate::caller::Token;
use crate::doors::seconds;
use crate::entrance::{Entrance, enter};
use crate::memory::Memory;
use crate::model::Method;
use crate::session::{Renewed, SignedIn, hash, renew};
use crate::store::{self, Stored, code as codes};
use crate::{IdentityError, alarm, oauth, rules};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Tx;
use kernel::{Ctx, Rng, Role, Timestamp, rng::bytes};
use ledger::{Action, Entry, House, append};
use notify::Mail;
use std::net::IpAddr;
use vault::DIRECTORY;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// How long a code is good.
const LASTS_MS: i64 = 10 * MINUTE_MS;

/// Codes sent to one address in a day because one place asked: whoever asks elsewhere does not keep the owner out.
const MOST_FROM_A_PLACE: usize = 10;

/// Codes sent to one address in a day in all, so that nobody's letters drown.
const MOST_A_DAY: usize = 30;

/// Recovery codes made at once.
const RECOVERY_CODES: usize = 10;

/// Digits and letters that nobody mistakes for another (Crockford): 32, so that a letter is 5 bits, and ten are 50.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RECOVERY_LENGTH: usize = 10;

/// Eight digits, each equally likely: numbers from the last, incomplete round are drawn again.
fn eight_digits(rng: &dyn Rng) -> String {
    const ROUND: u32 = 100_000_000;
    loop {
        let drawn = u32::from_le_bytes(bytes(rng));
        if drawn < u32::MAX - u32::MAX % ROUND {
            return format!("{:08}", drawn % ROUND);
        }
    }
}

fn recovery_code(rng: &dyn Rng) -> String {
    let drawn = bytes::<RECOVERY_LENGTH>(rng);
    drawn.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
}

/// As it is compared: without spaces and dashes, and with what people misread put right.
fn fold_recovery_code(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    letters
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// `ABCDEFGHJK` → `ABCDE-FGHJK`.
fn shown(code: &str) -> String {
    let (first, last) = code.split_at(RECOVERY_LENGTH / 2);
    format!("{first}-{last}")
}

/// A code that was asked for: the request is to be given back with it.
pub struct Asked {
    pub request: String,
    pub expires: Timestamp,
}

/// The time whose passing makes room for one more, where there is none.
fn full(times: &[i64], most: usize) -> Option<i64> {
    times.len().checked_sub(most).and_then(|at| times.get(at)).copied()
}

/// Sends a code to an address, if an account has it; says the same, after the same work, if none does.
pub async fn start(house: &House, place: Option<IpAddr>, email: &str) -> Result<Asked, IdentityError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    memory.doors.attempt(place, now, memory.settings().attempts_per_minute)?;
    if !notify::can_mail(house) {
        return Err(IdentityError::Forbidden("This server sends no e-mail: the operator has not set it up."));
    }
    if let Some(issue) = rules::email_issue(email) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    let (on, email) = (house.clone(), email.trim().to_owned());
    house
        .db
        .write(move |tx| {
            let address = store::email_term(&on.vault, &email);
            let from = codes::place_term(&on.vault, address, place);
            let all = codes::asked_since(tx, address, now.plus_ms(-DAY_MS))?;
            let here: Vec<i64> = all.iter().filter(|(place, _)| *place == from).map(|(_, at)| *at).collect();
            let all: Vec<i64> = all.into_iter().map(|(_, at)| at).collect();
            if let Some(oldest) = full(&here, MOST_FROM_A_PLACE).max(full(&all, MOST_A_DAY)) {
                return Err(IdentityError::TooMany(seconds(oldest + DAY_MS - now.0)));
            }
            let found = store::find_by_email(tx, &on.vault, &email)?;
            let found = found.filter(|stored| !stored.locked && stored.profile.role != Role::Service);
            let request = URL_SAFE_NO_PAD.encode(bytes::<16>(&*on.rng));
            let (code, expires) = (eight_digits(&*on.rng), now.plus_ms(LASTS_MS));
            let account = found.as_ref().map(|stored| stored.id);
            let new = codes::Request { id: &hash(&request), address, place: from, account, code: &code };
            codes::insert(tx, &on.vault, &new, now)?;
            // A letter to nobody costs the same work and is not sent.
            let owner = found.as_ref().map_or(DIRECTORY, |stored| store::owner(&stored.profile));
            let to = found.and_then(|stored| stored.profile.email).unwrap_or_default();
            let text = format!(
                "Your code is {code}\n\nIt is good for ten minutes, on the page that asked for it. Nobody of HealthSync ever \
                 asks you for it. If you did not ask for a code, leave this letter: without the code nothing happens."
            );
            let subject = "Your code for HealthSync".to_owned();
            notify::post_to(tx, &on, owner, &Mail { to, subject, text, until: Some(expires) })?;
            Ok(Asked { request, expires })
        })
        .await
}

/// Signs in with the code that was sent: limited, or in full with a recovery code besides.
pub async fn finish(
    house: &House,
    ctx: &Ctx,
    entrance: Entrance,
    (request, code, recovery): (&str, &str, Option<&str>),
) -> Result<SignedIn, IdentityError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    memory.doors.attempt(entrance.place, now, memory.settings().attempts_per_minute)?;
    let (house, ctx, request) = (house.clone(), ctx.clone(), hash(request));
    let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let recovery = recovery.map(fold_recovery_code);
    let db = house.db.clone();
    // The outcome stands inside: that a try was made must be kept also when it failed.
    db.write(move |tx| {
        let account = codes::matches(tx, &house.vault, &request, &code, now.plus_ms(-LASTS_MS))?;
        let Some(account) = account else { return Ok(Err(IdentityError::code_failed())) };
        if let Some(recovery) = &recovery
            && !codes::spend_recovery(tx, &house.vault, account, recovery)?
        {
            return Ok(Err(IdentityError::LoginFailed));
        }
        codes::spend(tx, account)?;
        let method = if recovery.is_some() { Method::Recovery } else { Method::Code };
        let signed_in = enter(tx, &house, &ctx, account, &Entrance { method, ..entrance })?;
        let stored = store::find(tx, &house.vault, account)?.ok_or(IdentityError::LoginFailed)?;
        match method {
            Method::Recovery => {
                store::forgive(tx, account)?;
                store::prove(tx, account)?;
                oauth::end_permissions(tx, account, now)?;
                tell_used(tx, &house, &stored, true)?;
            }
            _ => {
                let body = "Somebody signed in with a code that was sent to your e-mail address. Such a sign-in shows your \
                            account and devices, and no health data.";
                alarm::tell(tx, &house, &stored, "Signed in with a code sent by e-mail", body)?;
            }
        }
        Ok(Ok(signed_in))
    })
    .await
    .and_then(|outcome: Result<SignedIn, IdentityError>| outcome)
}

fn tell_used(tx: &mut Tx<'_>, house: &House, stored: &Stored, apps: bool) -> Result<(), IdentityError> {
    let (left, _) = codes::recovery_left(tx, stored.id)?;
    let apps = if apps { " Apps will have to be connected again." } else { "" };
    let body = format!("One of your recovery codes was used to sign in. You have {left} left.{apps}");
    alarm::tell(tx, house, stored, "A recovery code was used", &body)
}

/// Makes a limited session a full one, or confirms who a session is, with a recovery code.
pub async fn recover(
    house: &House,
    ctx: &Ctx,
    token: Token,
    code: &str,
    place: Option<IpAddr>,
) -> Result<Renewed, IdentityError> {
    let account = signed_in(ctx)?;
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    memory.doors.attempt(place, now, memory.settings().attempts_per_minute)?;
    let (house, ctx, code) = (house.clone(), ctx.clone(), fold_recovery_code(code));
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        if !codes::spend_recovery(tx, &house.vault, stored.id, &code)? {
            return Err(IdentityError::LoginFailed);
        }
        let renewed = renew(tx, &house, &token, stored.id, Method::Recovery)?.ok_or(IdentityError::NotSignedIn)?;
        store::forgive(tx, stored.id)?;
        // Getting in that way is a recovery; confirming who one is anyway is none.
        if ctx.pass.limited {
            oauth::end_permissions(tx, stored.id, now)?;
        }
        tell_used(tx, &house, &stored, ctx.pass.limited)?;
        Ok(renewed)
    })
    .await
}

/// Makes new recovery codes; those made before are worth nothing any more. They are shown this once.
pub async fn make_recovery_codes(house: &House, ctx: &Ctx) -> Result<(Vec<String>, Timestamp), IdentityError> {
    let account = person(ctx)?;
    ctx.confirmed()?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        let made: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(&*house.rng)).collect();
        let now = house.clock.now();
        codes::set_recovery(tx, &house.vault, stored.id, &made, now)?;
        append(tx, Entry::system(&ctx, Action::Update).what(format!("recovery codes of account {}", stored.id), 1));
        let body = "New recovery codes were made for your account. Those made before are worth nothing any more.";
        alarm::tell(tx, &house, &stored, "New recovery codes", body)?;
        Ok((made.iter().map(|code| shown(code)).collect(), now))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::SeededRng;

    #[test]
    fn a_code_has_eight_digits_also_when_it_begins_with_zeros() {
        let rng = SeededRng::new(1);
        let codes: Vec<String> = (0..2000).map(|_| eight_digits(&rng)).collect();
        assert!(codes.iter().all(|code| code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit())));
        assert!(codes.iter().any(|code| code.starts_with('0')));
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let code = recovery_code(&SeededRng::new(7));
        assert_eq!(code.len(), RECOVERY_LENGTH);
        assert_eq!(fold_recovery_code(&shown(&code)), code);
        assert_eq!(fold_recovery_code(&shown(&code).to_lowercase()), code);
        assert_eq!(fold_recovery_code(" o1il-0abcd "), "01110ABCD");
    }
}
