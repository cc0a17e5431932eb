//! Vaccines (CVX codes of the CDC) and when they are due: the CDC child, adolescent and adult schedules of 2024, each
//! from the year in which the vaccine came into routine use in the United States (years to check). Catch-up rules and
//! risk groups are left out.

use crate::calendar::{Day, civil, year_of};
use crate::codes::{CVX, Code};

const fn cvx(code: &'static str, text: &'static str) -> Code {
    Code { system: CVX, code, text }
}

pub static HEP_B: Code = cvx("08", "Hep B, adolescent or pediatric");
pub static ROTAVIRUS: Code = cvx("119", "rotavirus, monovalent");
pub static DTAP: Code = cvx("20", "DTaP");
pub static HIB: Code = cvx("49", "Hib (PRP-OMP)");
pub static PCV13: Code = cvx("133", "Pneumococcal conjugate PCV 13");
pub static IPV: Code = cvx("10", "IPV");
pub static MMR: Code = cvx("03", "MMR");
pub static VARICELLA: Code = cvx("21", "varicella");
pub static HEP_A: Code = cvx("83", "Hep A, ped/adol, 2 dose");
pub static TDAP: Code = cvx("115", "Tdap");
pub static TD: Code = cvx("113", "Td (adult), 5 Lf tetanus toxoid, preservative free, adsorbed");
pub static HPV4: Code = cvx("62", "HPV, quadrivalent");
pub static HPV9: Code = cvx("165", "HPV9");
pub static MENINGOCOCCAL: Code = cvx("114", "meningococcal MCV4P");
pub static PCV20: Code = cvx("216", "Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF");
pub static PPSV23: Code = cvx("33", "pneumococcal polysaccharide PPV23");
pub static ZOSTER: Code = cvx("187", "zoster recombinant");
pub static FLU: Code = cvx("140", "Influenza, seasonal, injectable, preservative free");
pub static FLU_QUADRIVALENT: Code = cvx("150", "Influenza, injectable, quadrivalent, preservative free");
pub static COVID_FIRST: Code = cvx("208", "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose");
pub static COVID_BIVALENT: Code = cvx("300", "COVID-19, mRNA, LNP-S, bivalent, PF, 30 mcg/0.3 mL dose");
pub static COVID_SEASONAL: Code = cvx("309", "COVID-19, mRNA, LNP-S, PF, tris-sucrose, 30 mcg/0.3 mL");

/// How it enters the body (HL7 v3 RouteOfAdministration).
pub fn route(vaccine: &Code) -> (&'static str, &'static str) {
    match vaccine.code {
        "119" => ("PO", "Swallow, oral"),
        "03" | "21" => ("SQ", "Injection, subcutaneous"),
        _ => ("IM", "Injection, intramuscular"),
    }
}

/// One dose of a series.
struct Dose {
    series: Series,
    number: i64,
    code: &'static Code,
    /// Given between these ages, in months.
    from: f64,
    until: f64,
    /// Days since the dose before.
    after: Day,
    /// In routine use between these years.
    years: (i64, i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    HepatitisB,
    Rotavirus,
    Diphtheria,
    Hib,
    Pneumococcus,
    Polio,
    Measles,
    Varicella,
    HepatitisA,
    Papilloma,
    Meningococcus,
    Tdap,
    Zoster,
    ElderPneumococcus,
}

#[expect(clippy::too_many_arguments, reason = "one row of a table, read as a row")]
const fn dose(
    series: Series,
    number: i64,
    code: &'static Code,
    from: f64,
    until: f64,
    after: Day,
    first_year: i64,
    last_year: i64,
) -> Dose {
    Dose { series, number, code, from, until, after, years: (first_year, last_year) }
}

static SCHEDULE: [Dose; 40] = [
    dose(Series::HepatitisB, 1, &HEP_B, 0.0, 216.0, 0, 1991, 9999),
    dose(Series::HepatitisB, 2, &HEP_B, 0.9, 216.0, 28, 1991, 9999),
    dose(Series::HepatitisB, 3, &HEP_B, 5.5, 216.0, 56, 1991, 9999),
    dose(Series::Rotavirus, 1, &ROTAVIRUS, 1.8, 3.4, 0, 2008, 9999),
    dose(Series::Rotavirus, 2, &ROTAVIRUS, 3.4, 8.0, 28, 2008, 9999),
    dose(Series::Diphtheria, 1, &DTAP, 1.8, 72.0, 0, 1997, 9999),
    dose(Series::Diphtheria, 2, &DTAP, 3.5, 72.0, 28, 1997, 9999),
    dose(Series::Diphtheria, 3, &DTAP, 5.5, 72.0, 28, 1997, 9999),
    dose(Series::Diphtheria, 4, &DTAP, 14.5, 72.0, 180, 1997, 9999),
    dose(Series::Diphtheria, 5, &DTAP, 47.5, 84.0, 180, 1997, 9999),
    dose(Series::Hib, 1, &HIB, 1.8, 48.0, 0, 1990, 9999),
    dose(Series::Hib, 2, &HIB, 3.5, 48.0, 28, 1990, 9999),
    dose(Series::Hib, 3, &HIB, 11.8, 60.0, 56, 1990, 9999),
    dose(Series::Pneumococcus, 1, &PCV13, 1.8, 48.0, 0, 2010, 2023),
    dose(Series::Pneumococcus, 2, &PCV13, 3.5, 48.0, 28, 2010, 2023),
    dose(Series::Pneumococcus, 3, &PCV13, 5.5, 48.0, 28, 2010, 2023),
    dose(Series::Pneumococcus, 4, &PCV13, 11.8, 60.0, 56, 2010, 2023),
    dose(Series::Pneumococcus, 1, &PCV20, 1.8, 48.0, 0, 2024, 9999),
    dose(Series::Pneumococcus, 2, &PCV20, 3.5, 48.0, 28, 2024, 9999),
    dose(Series::Pneumococcus, 3, &PCV20, 5.5, 48.0, 28, 2024, 9999),
    dose(Series::Pneumococcus, 4, &PCV20, 11.8, 60.0, 56, 2024, 9999),
    dose(Series::Polio, 1, &IPV, 1.8, 84.0, 0, 2000, 9999),
    dose(Series::Polio, 2, &IPV, 3.5, 84.0, 28, 2000, 9999),
    dose(Series::Polio, 3, &IPV, 5.5, 84.0, 28, 2000, 9999),
    dose(Series::Polio, 4, &IPV, 47.5, 84.0, 180, 2000, 9999),
    dose(Series::Measles, 1, &MMR, 11.9, 216.0, 0, 1971, 9999),
    dose(Series::Measles, 2, &MMR, 47.5, 216.0, 28, 1989, 9999),
    dose(Series::Varicella, 1, &VARICELLA, 11.9, 156.0, 0, 1995, 9999),
    dose(Series::Varicella, 2, &VARICELLA, 47.5, 156.0, 84, 2006, 9999),
    dose(Series::HepatitisA, 1, &HEP_A, 11.9, 216.0, 0, 2006, 9999),
    dose(Series::HepatitisA, 2, &HEP_A, 17.9, 216.0, 180, 2006, 9999),
    dose(Series::Papilloma, 1, &HPV4, 131.0, 216.0, 0, 2006, 2014),
    dose(Series::Papilloma, 2, &HPV4, 131.0, 216.0, 150, 2006, 2014),
    dose(Series::Papilloma, 1, &HPV9, 131.0, 216.0, 0, 2015, 9999),
    dose(Series::Papilloma, 2, &HPV9, 131.0, 216.0, 150, 2015, 9999),
    dose(Series::Meningococcus, 1, &MENINGOCOCCAL, 131.0, 216.0, 0, 2005, 9999),
    dose(Series::Meningococcus, 2, &MENINGOCOCCAL, 191.0, 228.0, 56, 2010, 9999),
    dose(Series::Tdap, 1, &TDAP, 131.0, 1200.0, 0, 2005, 9999),
    dose(Series::Zoster, 1, &ZOSTER, 600.0, 1200.0, 0, 2018, 9999),
    dose(Series::Zoster, 2, &ZOSTER, 600.0, 1200.0, 60, 2018, 9999),
];

/// What somebody has had.
#[derive(Default)]
pub struct Given {
    doses: Vec<(Series, i64, Day)>,
    tetanus: Option<Day>,
    flu_season: Option<i64>,
    covid: Vec<Day>,
}

/// Vaccines that are due at a visit of somebody born on `birth`, with their dose number; noted as given.
pub fn due(given: &mut Given, birth: Day, today: Day) -> Vec<(&'static Code, Option<i64>)> {
    let months = (today - birth) as f64 / 30.437;
    let year = year_of(today);
    let mut out = Vec::new();
    for dose in &SCHEDULE {
        let last = given.doses.iter().filter(|d| d.0 == dose.series).max_by_key(|d| d.1);
        let next = last.map_or(1, |d| d.1 + 1);
        let spaced = last.is_none_or(|d| today - d.2 >= dose.after && today > d.2);
        let age = dose.from <= months && months < dose.until;
        if next == dose.number && spaced && age && (dose.years.0..=dose.years.1).contains(&year) {
            given.doses.push((dose.series, dose.number, today));
            if dose.series == Series::Tdap {
                given.tetanus = Some(today);
            }
            out.push((dose.code, Some(dose.number)));
        }
    }
    // Tetanus again every ten years.
    if given.tetanus.is_some_and(|last| today - last > 3_652) && months > 216.0 {
        given.tetanus = Some(today);
        out.push((&TD, None));
    }
    elder_pneumococcus(given, months, year, today, &mut out);
    out
}

/// One dose of PCV20 from 65 on (since 2022), PPSV23 before that.
fn elder_pneumococcus(
    given: &mut Given,
    months: f64,
    year: i64,
    today: Day,
    out: &mut Vec<(&'static Code, Option<i64>)>,
) {
    let had = given.doses.iter().any(|d| d.0 == Series::ElderPneumococcus);
    if months >= 780.0 && !had {
        given.doses.push((Series::ElderPneumococcus, 1, today));
        out.push((if year >= 2022 { &PCV20 } else { &PPSV23 }, Some(1)));
    }
}

/// The vaccine against influenza of the season that `today` falls in, if it is autumn and not yet given. Quadrivalent
/// from 2013 to spring 2024, trivalent before and after.
pub fn flu(given: &mut Given, today: Day) -> Option<&'static Code> {
    let (year, month, _) = civil(today);
    if !(9..=12).contains(&month) || given.flu_season == Some(year) {
        return None;
    }
    given.flu_season = Some(year);
    Some(if (2013..2024).contains(&year) { &FLU_QUADRIVALENT } else { &FLU })
}

/// The vaccine against COVID-19: two doses from spring 2021, then the booster of each autumn.
pub fn covid(given: &mut Given, months: f64, today: Day) -> Option<(&'static Code, i64)> {
    let (year, month, _) = civil(today);
    let number = given.covid.len() as i64 + 1;
    let code = match (number, year) {
        _ if months < 144.0 => return None,
        (1 | 2, 2021 | 2022) if (year, month) >= (2021, 4) => &COVID_FIRST,
        (_, 2022) if month >= 9 && number > 2 => &COVID_BIVALENT,
        (_, 2023..) if month >= 9 => &COVID_SEASONAL,
        _ => return None,
    };
    let gap = if number == 2 { 21 } else { 150 };
    if given.covid.last().is_some_and(|last| today - last < gap) {
        return None;
    }
    given.covid.push(today);
    Some((code, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::day_of;

    #[test]
    fn a_child_of_2019_has_the_schedule_of_the_cdc_by_six() {
        let birth = day_of(2019, 3, 1);
        let mut given = Given::default();
        let months = [0, 1, 2, 4, 6, 9, 12, 15, 18, 24, 48, 60, 72];
        let doses: Vec<_> = months.iter().flat_map(|m| due(&mut given, birth, birth + m * 305 / 10 + 1)).collect();
        let count = |code: &Code| doses.iter().filter(|d| d.0 == code).count();
        assert_eq!(
            [&HEP_B, &ROTAVIRUS, &DTAP, &HIB, &PCV13, &IPV, &MMR, &VARICELLA, &HEP_A].map(count),
            [3, 2, 5, 3, 4, 4, 2, 2, 2]
        );
    }

    #[test]
    fn no_vaccine_is_given_before_it_existed() {
        let birth = day_of(1985, 1, 1);
        let mut given = Given::default();
        let codes: Vec<_> = (0..120).flat_map(|m| due(&mut given, birth, birth + m * 31)).map(|d| d.0.code).collect();
        assert!(!codes.contains(&ROTAVIRUS.code) && !codes.contains(&PCV13.code) && !codes.contains(&HPV4.code));
        assert!(codes.contains(&MMR.code));
    }

    #[test]
    fn influenza_is_once_a_season() {
        let mut given = Given::default();
        assert_eq!(flu(&mut given, day_of(2022, 10, 3)), Some(&FLU_QUADRIVALENT));
        assert_eq!(flu(&mut given, day_of(2022, 12, 3)), None);
        assert_eq!(flu(&mut given, day_of(2023, 3, 3)), None);
        assert_eq!(flu(&mut given, day_of(2025, 10, 3)), Some(&FLU));
    }

    #[test]
    fn covid_vaccines_begin_in_2021_and_keep_their_distance() {
        let mut given = Given::default();
        assert_eq!(covid(&mut given, 500.0, day_of(2020, 12, 1)), None);
        assert_eq!(covid(&mut given, 500.0, day_of(2021, 5, 1)), Some((&COVID_FIRST, 1)));
        assert_eq!(covid(&mut given, 500.0, day_of(2021, 5, 10)), None);
        assert_eq!(covid(&mut given, 500.0, day_of(2021, 6, 1)), Some((&COVID_FIRST, 2)));
        assert_eq!(covid(&mut given, 500.0, day_of(2024, 10, 1)), Some((&COVID_SEASONAL, 3)));
    }
}
