//! What an app may ask for: SMART's scopes, version 2 and the older form, and what they come to as rules on rows.
//!
//! A scope that is not understood whole is refused: leaving a condition out would widen it.

use fhir::Kind;
use fhir::search::query::{SystemQuery, parse_token_query};
use fhir::search::{ParamKind, param};
use kernel::app::{Operation, Rule};
use std::fmt;
use vault::Terms;

/// Whose data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The patient the app was opened for.
    Patient,
    /// Whatever the person who lets it in may see.
    User,
    /// What an organization keeps, with nobody present.
    System,
}

/// `patient/Observation.rs?category=vital-signs`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataScope {
    pub whose: Whose,
    pub kind: Option<Kind>,
    pub operations: u8,
    /// Search parameter and value, as they were written.
    pub conditions: Vec<(String, String)>,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    OpenId,
    Profile,
    FhirUser,
    /// Opened from within this server.
    Launch,
    /// A patient must be chosen.
    LaunchPatient,
    /// Goes on when nobody is there.
    Offline,
    /// Goes on as long as the session in which it was let in.
    Online,
    Data(DataScope),
}

/// Scopes in one request; more is a mistake.
const MOST: usize = 100;
/// Conditions on one scope.
const MOST_CONDITIONS: usize = 5;

const LETTERS: [(char, Operation); 5] = [
    ('c', Operation::Create),
    ('r', Operation::Read),
    ('u', Operation::Update),
    ('d', Operation::Delete),
    ('s', Operation::Search),
];

impl Scope {
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match text {
            "openid" => Self::OpenId,
            "profile" => Self::Profile,
            "fhirUser" => Self::FhirUser,
            "launch" => Self::Launch,
            "launch/patient" => Self::LaunchPatient,
            "offline_access" => Self::Offline,
            "online_access" => Self::Online,
            _ => Self::Data(DataScope::parse(text)?),
        })
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::FhirUser => "fhirUser",
            Self::Launch => "launch",
            Self::LaunchPatient => "launch/patient",
            Self::Offline => "offline_access",
            Self::Online => "online_access",
            Self::Data(data) => &data.text,
        }
    }

    /// Whether somebody to whom `self` was allowed may be given `asked`.
    pub fn covers(&self, asked: &Self) -> bool {
        match (self, asked) {
            (Self::Data(own), Self::Data(asked)) => own.covers(asked),
            _ => self == asked,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl DataScope {
    fn parse(text: &str) -> Result<Self, String> {
        let unknown = || format!("The scope {text} is not known here.");
        let (whose, rest) = text.split_once('/').ok_or_else(unknown)?;
        let whose = match whose {
            "patient" => Whose::Patient,
            "user" => Whose::User,
            "system" => Whose::System,
            _ => return Err(unknown()),
        };
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let (kind, letters) = path.split_once('.').ok_or_else(unknown)?;
        let kind = match kind {
            "*" => None,
            name => Some(Kind::parse(name).ok_or_else(|| format!("{name} is no resource type of FHIR R4."))?),
        };
        let operations = operations(letters).ok_or_else(unknown)?;
        let conditions = query.map_or(Ok(Vec::new()), |query| conditions(text, kind, query))?;
        Ok(Self { whose, kind, operations, conditions, text: text.to_owned() })
    }

    fn covers(&self, asked: &Self) -> bool {
        self.whose == asked.whose
            && (self.kind.is_none() || self.kind == asked.kind)
            && asked.operations & !self.operations == 0
            && self.conditions.iter().all(|condition| asked.conditions.contains(condition))
    }

    /// What it comes to on rows.
    pub fn rule(&self, terms: &Terms) -> Rule {
        let term = |(name, value): &(String, String)| {
            // Both were checked when the scope was read; what cannot be found stands for no row at all.
            let found = self.kind.and_then(|kind| param(kind, name));
            let (code, token) = (found.map_or(0, |p| p.code), parse_token_query(value).ok());
            let hash = match token.map(|t| (t.system, t.code)) {
                Some((SystemQuery::Is(system), Some(word))) => terms.token(code, &system, &word),
                Some((_, Some(word))) => terms.code(code, &word),
                _ => 0,
            };
            (code, hash)
        };
        Rule {
            one_patient: self.whose == Whose::Patient,
            kind: self.kind.map(Kind::code),
            operations: self.operations,
            terms: self.conditions.iter().map(term).collect(),
        }
    }
}

/// `cruds` in this order, or a word of version 1.
fn operations(letters: &str) -> Option<u8> {
    let all = |text: &str| LETTERS.iter().filter(|(l, _)| text.contains(*l)).map(|(_, o)| o.bit()).sum::<u8>();
    match letters {
        "read" => return Some(all("rs")),
        "write" => return Some(all("cud")),
        "*" => return Some(all("cruds")),
        _ => {}
    }
    let mut bits = 0;
    let mut rest = LETTERS.iter();
    for letter in letters.chars() {
        bits |= rest.find(|(own, _)| *own == letter)?.1.bit();
    }
    (bits != 0).then_some(bits)
}

fn conditions(text: &str, kind: Option<Kind>, query: &str) -> Result<Vec<(String, String)>, String> {
    let Some(kind) = kind else { return Err(format!("The scope {text} needs a type for its condition.")) };
    let mut out = Vec::new();
    for pair in query.split('&') {
        let wrong = || format!("The condition of the scope {text} is not understood.");
        let (name, value) = pair.split_once('=').ok_or_else(wrong)?;
        let value = decoded(value).ok_or_else(wrong)?;
        let known = param(kind, name).filter(|p| p.kind == ParamKind::Token && !name.starts_with('_'));
        if known.is_none() {
            return Err(format!("{name} is no coded search parameter of {}.", kind.name()));
        }
        // An alternative or half a code would be a wider condition than it looks.
        let token = parse_token_query(&value).map_err(|_| wrong())?;
        if value.contains(',') || token.code.is_none() || token.system == SystemQuery::Absent {
            return Err(format!("The scope {text} takes one code, or system|code."));
        }
        out.push((name.to_owned(), value));
    }
    if out.len() > MOST_CONDITIONS {
        return Err(format!("A scope takes at most {MOST_CONDITIONS} conditions."));
    }
    Ok(out)
}

/// Percent signs, as clients write them inside of a scope.
fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        if b == b'%' {
            let pair = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
        } else {
            out.push(b);
        }
    }
    String::from_utf8(out).ok()
}

/// Reads a list, each scope once.
pub fn parse(text: &str) -> Result<Vec<Scope>, String> {
    let mut out: Vec<Scope> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let plain = word.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
        if !plain || out.len() >= MOST {
            return Err("The list of scopes is not understood.".to_owned());
        }
        let scope = Scope::parse(word)?;
        if !out.contains(&scope) {
            out.push(scope);
        }
    }
    Ok(out)
}

pub fn text(scopes: &[Scope]) -> String {
    scopes.iter().map(Scope::as_str).collect::<Vec<_>>().join(" ")
}

/// The first that `allowed` does not cover.
pub fn beyond<'s>(allowed: &[Scope], asked: &'s [Scope]) -> Option<&'s Scope> {
    asked.iter().find(|scope| !allowed.iter().any(|own| own.covers(scope)))
}

/// What a token that was made for `asked` is still worth.
pub fn within(allowed: &[Scope], asked: &[Scope]) -> Vec<Scope> {
    asked.iter().filter(|scope| allowed.iter().any(|own| own.covers(scope))).cloned().collect()
}

pub fn rules(scopes: &[Scope], terms: &Terms) -> Vec<Rule> {
    data(scopes).map(|data| data.rule(terms)).collect()
}

pub fn data(scopes: &[Scope]) -> impl Iterator<Item = &DataScope> {
    scopes.iter().filter_map(|scope| match scope {
        Scope::Data(data) => Some(data),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_either_version_is_understood() {
        for (text, letters) in [
            ("patient/Observation.rs", "rs"),
            ("user/*.cruds", "cruds"),
            ("system/Patient.read", "rs"),
            ("patient/*.write", "cud"),
            ("user/Condition.*", "cruds"),
            ("patient/Observation.r?category=vital-signs", "r"),
        ] {
            let Ok(Scope::Data(scope)) = Scope::parse(text) else { panic!("{text}") };
            let bits = LETTERS.iter().filter(|(l, _)| letters.contains(*l)).map(|(_, o)| o.bit()).sum::<u8>();
            assert_eq!(scope.operations, bits, "{text}");
        }
        assert_eq!(parse("openid  openid launch/patient").unwrap().len(), 2);
    }

    #[test]
    fn what_is_not_understood_whole_is_refused() {
        for text in [
            "patient/Observation",
            "patient/Observation.",
            "patient/Observation.sr",
            "patient/Observation.rr",
            "patient/Observation.x",
            "patient/Nothing.rs",
            "patients/Observation.rs",
            "patient/*.rs?category=vital-signs",
            "patient/Observation.rs?",
            "patient/Observation.rs?category",
            "patient/Observation.rs?category=",
            "patient/Observation.rs?colour=red",
            "patient/Observation.rs?date=2024",
            "patient/Observation.rs?category=a,b",
            "patient/Observation.rs?category=|a",
            "patient/Observation.rs?category=http://x|",
            "patient/Observation.rs?category:not=a",
            "patient/Observation.rs?_tag=a",
            "patient/Observation.rs?category=%zz",
            "launch/encounter",
            "address",
            "*",
        ] {
            assert!(Scope::parse(text).is_err(), "{text}");
        }
        assert!(parse("openid \"").is_err());
        assert!(parse(&"openid ".repeat(3)).is_ok());
    }

    #[test]
    fn a_scope_covers_what_is_narrower_and_nothing_else() {
        let scope = |text: &str| Scope::parse(text).unwrap();
        for (wide, narrow) in [
            ("patient/*.rs", "patient/Observation.r"),
            ("patient/Observation.rs", "patient/Observation.rs?category=laboratory"),
            ("openid", "openid"),
        ] {
            assert!(scope(wide).covers(&scope(narrow)), "{wide} {narrow}");
            assert!(wide == narrow || !scope(narrow).covers(&scope(wide)), "{narrow} {wide}");
        }
        for (own, other) in [("user/*.rs", "patient/*.rs"), ("patient/*.r", "patient/*.s"), ("openid", "fhirUser")] {
            assert!(!scope(own).covers(&scope(other)), "{own} {other}");
        }
    }
}
