//! Days and moments. The clinics stand in Phoenix, Arizona, where the clock is seven hours behind UTC all year round,
//! so a local time needs no time-zone table.

/// Days since 1970-01-01.
pub type Day = i64;
/// Minutes since 1970-01-01T00:00 on the clinic's own clock.
pub type Moment = i64;

pub const MINUTES_PER_DAY: i64 = 24 * 60;
pub const YEAR: f64 = 365.25;
const OFFSET: &str = "-07:00";

/// Year, month and day of month. The algorithm counts in 400-year eras that begin on 1 March, so that the leap day is
/// the last day of its year.
pub fn civil(day: Day) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * march_month + 2) / 5 + 1)
}

/// The inverse of [`civil`]; a day of month past the end runs into the next month.
pub const fn day_of(year: i64, month: i64, day: i64) -> Day {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

/// `2019-03-07`.
pub fn date(day: Day) -> String {
    let (year, month, dom) = civil(day);
    format!("{year:04}-{month:02}-{dom:02}")
}

/// `7 March 2019`, for letters and notes.
pub fn long_date(day: Day) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, dom) = civil(day);
    format!("{dom} {} {year}", MONTHS[(month - 1) as usize])
}

/// `2019-03-07T09:40:00-07:00`, a FHIR dateTime and instant.
pub fn date_time(moment: Moment) -> String {
    let minute = moment.rem_euclid(MINUTES_PER_DAY);
    format!("{}T{:02}:{:02}:00{OFFSET}", date(day_at(moment)), minute / 60, minute % 60)
}

pub const fn day_at(moment: Moment) -> Day {
    moment.div_euclid(MINUTES_PER_DAY)
}

pub const fn at(day: Day, hour: i64, minute: i64) -> Moment {
    day * MINUTES_PER_DAY + hour * 60 + minute
}

pub fn year_of(day: Day) -> i64 {
    civil(day).0
}

/// Moves a Saturday back to Friday and a Sunday on to Monday: clinics are closed on weekends.
pub const fn working_day(day: Day) -> Day {
    // 1970-01-01 was a Thursday.
    match (day + 3).rem_euclid(7) {
        5 => day - 1,
        6 => day + 1,
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_two_centuries_is_read_back_as_itself() {
        for day in -36_525..36_525 {
            let (year, month, dom) = civil(day);
            assert_eq!(day_of(year, month, dom), day);
        }
    }

    #[test]
    fn dates_agree_with_the_clock_of_the_kernel() {
        for day in [-20_000, 0, 11_016, 19_782, 20_779] {
            let instant = kernel::Timestamp(day * 86_400_000).to_rfc3339();
            assert_eq!(date(day), instant[..10]);
        }
        let noon = kernel::Timestamp::parse(&date_time(at(19_000, 12, 0))).unwrap();
        assert_eq!(noon.0, 19_000 * 86_400_000 + 19 * 3_600_000);
    }

    #[test]
    fn a_visit_never_falls_on_a_weekend() {
        // 2026-11-21 is a Saturday.
        assert_eq!(date(working_day(day_of(2026, 11, 21))), "2026-11-20");
        assert_eq!(date(working_day(day_of(2026, 11, 22))), "2026-11-23");
        assert_eq!(date(working_day(day_of(2026, 11, 24))), "2026-11-24");
    }
}
