//! Of what an account wants to be told, and how: the one place that decides what becomes of a notice.

use crate::Kind;
use crate::hours::{self, Quiet};
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

/// The minute of the day at which daily letters leave unless their reader says otherwise.
const MORNING: u16 = 6 * 60;

/// What an account said; where it said nothing the default of its role holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    pub ways: BTreeMap<Kind, Way>,
    /// A minute of the day where they live.
    pub daily_at: u16,
    /// Where they live, by a name of the IANA database.
    pub zone: String,
    pub quiet: Option<Quiet>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { ways: BTreeMap::new(), daily_at: MORNING, zone: hours::UTC.to_owned(), quiet: None }
    }
}

impl Wishes {
    pub fn way(&self, role: Option<Role>, kind: Kind) -> Way {
        let said = self.ways.get(&kind).copied().filter(|way| allowed(kind, *way));
        said.unwrap_or_else(|| role.map_or(Way::App, |role| default_way(role, kind)))
    }

    /// When the next daily letter leaves.
    pub fn next_daily(&self, now: Timestamp) -> Timestamp {
        hours::awake(hours::next_at(now, &self.zone, self.daily_at), &self.zone, self.quiet)
    }

    /// When a letter about this leaves. What concerns the security of the account, or an emergency, waits for no morning.
    pub fn leaves(&self, now: Timestamp, kind: Kind) -> Timestamp {
        match kind {
            Kind::Security | Kind::Emergency => now,
            _ => hours::awake(now, &self.zone, self.quiet),
        }
    }
}

/// Reads `22:00-07:00`; nothing is no quiet hours.
pub fn parse_quiet(text: &str) -> Option<Option<Quiet>> {
    if text.is_empty() {
        return Some(None);
    }
    let (from, to) = text.split_once('-')?;
    let quiet = Quiet { from: parse_time(from)?, to: parse_time(to)? };
    (quiet.from != quiet.to).then_some(Some(quiet))
}

pub fn write_quiet(quiet: Quiet) -> String {
    format!("{}-{}", write_time(quiet.from), write_time(quiet.to))
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

/// What somebody says of the hours of their day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times<'t> {
    pub daily_at: Option<&'t str>,
    pub zone: Option<&'t str>,
    pub quiet: Option<&'t str>,
}

/// Somebody's wishes with what they say now, or what is wrong with it.
pub fn said(
    role: Role,
    mut wishes: Wishes,
    ways: &BTreeMap<String, Way>,
    times: &Times<'_>,
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
    match times.daily_at.map(parse_time) {
        None => {}
        Some(Some(minute)) => wishes.daily_at = minute,
        Some(None) => issues.push(Issue::new("value", "dailyAt", "Give the time of the day, such as 06:30.")),
    }
    match times.quiet.map(parse_quiet) {
        None => {}
        Some(Some(quiet)) => wishes.quiet = quiet,
        Some(None) => issues.push(Issue::new("value", "quiet", "Give two times of the day, such as 22:00-07:00.")),
    }
    match times.zone {
        None => {}
        Some(name) if hours::zone(name).is_some() => name.clone_into(&mut wishes.zone),
        Some(_) => issues.push(Issue::new("value", "zone", "Name a time zone, such as Europe/Lisbon.")),
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
        let wishes = Wishes::default();
        for (now, next) in [(359, 360), (360, 1800), (361, 1800)] {
            assert_eq!(wishes.next_daily(Timestamp(day + now * MINUTE)), Timestamp(day + next * MINUTE), "{now}");
        }
        // What falls into quiet hours waits for their end, unless it cannot wait.
        let wishes = Wishes { quiet: Some(Quiet { from: 300, to: 420 }), ..wishes };
        assert_eq!(wishes.next_daily(Timestamp(day)), Timestamp(day + 420 * MINUTE));
        let now = Timestamp(day + 301 * MINUTE);
        assert_eq!(wishes.leaves(now, Kind::Grant), Timestamp(day + 420 * MINUTE));
        assert_eq!((wishes.leaves(now, Kind::Security), wishes.leaves(now, Kind::Emergency)), (now, now));
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
        let issues = said(
            Role::Patient,
            Wishes::default(),
            &ways,
            &Times { daily_at: Some("noon"), zone: Some("Mars"), quiet: Some("22:00") },
        )
        .unwrap_err();
        let paths: Vec<_> = issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(paths, ["ways.revoked", "ways.security", "dailyAt", "quiet", "zone"]);
    }

    #[test]
    fn every_kind_that_cannot_be_turned_off_is_offered_to_people() {
        for role in [Role::Patient, Role::Practitioner, Role::Administrator] {
            let fixed = |kind: &&Kind| !allowed(**kind, Way::Off);
            assert_eq!(offered(role).iter().filter(fixed).count(), 2, "{role:?}");
        }
    }
}
