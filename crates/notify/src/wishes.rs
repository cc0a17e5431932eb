//! Of what an account wants to be told, and how: the one place that decides what becomes of a notice.

use crate::Kind;
use kernel::{Issue, Role, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How somebody is told. Whatever is told at all stands in the app; e-mail comes on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = NoticeWay)]
pub enum Way {
    /// In the app.
    App,
    /// In the app, and by e-mail at once.
    Mail,
    /// In the app, and in one e-mail a day.
    Daily,
    /// Not at all.
    Off,
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [Self::App, Self::Mail, Self::Daily, Self::Off];
}

/// What this role is told of, in the order of the page.
pub const fn offered(role: Role) -> &'static [Kind] {
    match role {
        Role::Patient => &[
            Kind::Read,
            Kind::NewReader,
            Kind::Emergency,
            Kind::AccessRequest,
            Kind::Grant,
            Kind::Edit,
            Kind::Case,
            Kind::Security,
        ],
        Role::Practitioner => {
            &[Kind::Grant, Kind::Revoked, Kind::AccessRequest, Kind::Edit, Kind::Case, Kind::Emergency, Kind::Security]
        }
        Role::Administrator => &[Kind::Emergency, Kind::Case, Kind::Security],
        Role::Service => &[],
    }
}

/// What holds until somebody says otherwise. A patient hears by e-mail of what waits for them or is out of the ordinary;
/// whoever works here has the app open all day.
pub const fn default_way(role: Role, kind: Kind) -> Way {
    match (role, kind) {
        (_, Kind::Emergency | Kind::Security)
        | (Role::Patient, Kind::NewReader | Kind::AccessRequest | Kind::Grant | Kind::Case) => Way::Mail,
        _ => Way::App,
    }
}

/// Whether it may be wished for. Who could silence these two could take over an account, or open a record, unseen.
pub const fn allowed(kind: Kind, way: Way) -> bool {
    !matches!((kind, way), (Kind::Emergency | Kind::Security, Way::Off))
}

/// The minute of the day (UTC) at which daily letters leave unless their reader says otherwise.
const MORNING: u16 = 6 * 60;

/// What an account said; where it said nothing the default of its role holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    pub ways: BTreeMap<Kind, Way>,
    pub daily_at: u16,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { ways: BTreeMap::new(), daily_at: MORNING }
    }
}

impl Wishes {
    pub fn way(&self, role: Option<Role>, kind: Kind) -> Way {
        let said = self.ways.get(&kind).copied().filter(|way| allowed(kind, *way));
        said.unwrap_or_else(|| role.map_or(Way::App, |role| default_way(role, kind)))
    }
}

/// When the next daily letter leaves.
pub fn next_daily(now: Timestamp, daily_at: u16) -> Timestamp {
    const DAY_MS: i64 = 86_400_000;
    let today = Timestamp(now.0 - now.0.rem_euclid(DAY_MS)).plus_minutes(i64::from(daily_at));
    if today > now { today } else { today.plus_ms(DAY_MS) }
}

/// Reads `06:30`.
pub fn parse_time(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

pub fn write_time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Somebody's wishes with what they say now, or what is wrong with it.
pub fn said(
    role: Role,
    mut wishes: Wishes,
    ways: &BTreeMap<String, Way>,
    daily_at: Option<&str>,
) -> Result<Wishes, Vec<Issue>> {
    let mut issues = Vec::new();
    for (word, &way) in ways {
        let path = format!("ways.{word}");
        match Kind::parse(word).filter(|kind| offered(role).contains(kind)) {
            None => issues.push(Issue::new("value", path, "This account is told of nothing of this kind.")),
            Some(kind) if !allowed(kind, way) => issues.push(Issue::new(
                "business-rule",
                path,
                "Of emergencies and of the security of your account you are always told in the app.",
            )),
            Some(kind) => drop(wishes.ways.insert(kind, way)),
        }
    }
    match daily_at.map(parse_time) {
        None => {}
        Some(Some(minute)) => wishes.daily_at = minute,
        Some(None) => issues.push(Issue::new("value", "dailyAt", "Give the time of the day in UTC, such as 06:30.")),
    }
    if issues.is_empty() { Ok(wishes) } else { Err(issues) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn what_was_said_holds_and_else_the_default_of_the_role() {
        let mut wishes = Wishes::default();
        assert_eq!(wishes.way(Some(Role::Patient), Kind::NewReader), Way::Mail);
        assert_eq!(wishes.way(Some(Role::Practitioner), Kind::AccessRequest), Way::App);
        assert_eq!(wishes.way(None, Kind::Security), Way::App);
        wishes.ways.insert(Kind::NewReader, Way::Off);
        assert_eq!(wishes.way(Some(Role::Patient), Kind::NewReader), Way::Off);
        // Even if it stood in the database, it would not count.
        wishes.ways.insert(Kind::Security, Way::Off);
        assert_eq!(wishes.way(Some(Role::Patient), Kind::Security), Way::Mail);
    }

    #[test]
    fn a_daily_letter_leaves_at_its_minute_and_never_at_once() {
        let day = 1_800_000_000_000 / 86_400_000 * 86_400_000;
        for (now, next) in [(359, 360), (360, 1800), (361, 1800)] {
            assert_eq!(next_daily(Timestamp(day + now * MINUTE), 360), Timestamp(day + next * MINUTE), "{now}");
        }
    }

    #[test]
    fn a_time_is_four_digits_and_a_colon() {
        assert_eq!(parse_time("06:30"), Some(390));
        assert_eq!(write_time(390), "06:30");
        for wrong in ["", "6:30", "24:00", "06:60", "06-30", "+6:30", "06:30:00", "0630"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place_and_nothing_of_it_counts() {
        let ways = [("security", Way::Off), ("revoked", Way::Mail), ("read", Way::Off)];
        let ways = ways.map(|(kind, way)| (kind.to_owned(), way)).into_iter().collect();
        let issues = said(Role::Patient, Wishes::default(), &ways, Some("noon")).unwrap_err();
        let paths: Vec<_> = issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(paths, ["ways.revoked", "ways.security", "dailyAt"]);
    }

    #[test]
    fn every_kind_that_cannot_be_turned_off_is_offered_to_people() {
        for role in [Role::Patient, Role::Practitioner, Role::Administrator] {
            let fixed = |kind: &&Kind| !allowed(**kind, Way::Off);
            assert_eq!(offered(role).iter().filter(fixed).count(), 2, "{role:?}");
        }
    }
}
