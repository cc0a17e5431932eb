//! Pregnancies: when, how they are looked after, and how they end.

use super::plan::Routine;
use super::{Life, body, notes};
use crate::calendar::{Day, YEAR, at, long_date, working_day};
use crate::chance::Chance;
use crate::chart::clinical::{self, Ending};
use crate::chart::labs;
use crate::chart::vitals::{self, Vital};
use crate::chart::{Reason, encounter, texts};
use crate::codes::{self, AMBULATORY, INPATIENT};
use crate::diagnoses as dx;
use crate::directory::{self, Field};
use crate::drugs;
use crate::person::Person;

pub struct Pregnancy {
    /// First day of the last period, from which weeks are counted.
    pub began: Day,
    pub birth: Day,
    cesarean: bool,
    /// Its place among the problems, once known.
    problem: Option<usize>,
    vaccinated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    First,
    Weeks(i64),
    Birth,
    After,
}

impl Pregnancy {
    /// The visits, near the schedule of the American College of Obstetricians and Gynecologists, thinned.
    pub fn stages(&self) -> Vec<(Stage, Day)> {
        let mut out = vec![(Stage::First, working_day(self.began + 9 * 7))];
        for weeks in [13, 17, 20, 24, 28, 32, 35, 37] {
            out.push((Stage::Weeks(weeks), working_day(self.began + weeks * 7)));
        }
        out.push((Stage::Birth, self.birth));
        out.push((Stage::After, working_day(self.birth + 42)));
        out
    }
}

/// About two children a woman, between 19 and 42, at least two years apart.
pub fn draw(chance: &Chance, person: &Person, today: Day) -> Vec<Pregnancy> {
    let mut out = Vec::new();
    let mut day = person.birth as f64 + 19.0 * YEAR;
    let last = person.birth as f64 + 42.0 * YEAR;
    if !person.female {
        return out;
    }
    loop {
        day += chance.waiting_days(0.10) + 120.0;
        let began = day as Day;
        if day > last || began > today - 90 {
            return out;
        }
        // 32 % of births in the United States are by cesarean (CDC, National Vital Statistics Reports 2022).
        let birth = began + chance.int(262, 288);
        out.push(Pregnancy { began, birth, cesarean: chance.yes(0.32), problem: None, vaccinated: false });
        day = birth as f64 + 420.0;
    }
}

pub fn attend(life: &mut Life, index: usize, stage: Stage, day: Day) {
    let obstetrician = directory::find(life.chart.options, Field::Obstetrics, life.person.practitioner);
    match stage {
        Stage::Birth => give_birth(life, index, obstetrician),
        Stage::After => after(life, index, obstetrician, day),
        Stage::First | Stage::Weeks(_) => prenatal(life, index, stage, obstetrician, day),
    }
}

fn prenatal(life: &mut Life, index: usize, stage: Stage, obstetrician: u32, day: Day) {
    let visit = life.visit(life.appointment(day), 25, obstetrician, &AMBULATORY);
    let began = life.pregnancies[index].began;
    let problem = *life.pregnancies[index]
        .problem
        .get_or_insert_with(|| clinical::diagnose(&mut life.chart, &visit, &dx::PREGNANCY, began + 28, true));
    let first = stage == Stage::First;
    let kind = if first { &codes::PRENATAL_FIRST } else { &codes::PRENATAL };
    let conditions = [life.chart.problems[problem].urn.clone()];
    encounter(&mut life.chart, &visit, &Reason { kind, diagnosis: Some(&dx::PREGNANCY), conditions: &conditions });
    let weeks = (day - began) / 7;
    let (systolic, diastolic) = body::pressure(life, day);
    let (systolic, diastolic) = (systolic - 4.0, diastolic - 5.0);
    vitals::blood_pressure(&mut life.chart, &visit, systolic, diastolic);
    let weight = body::weight(life, day);
    vitals::vital(&mut life.chart, &visit, Vital::Weight, weight);
    let heart = body::heart_rate(life, day, 0.0);
    vitals::vital(&mut life.chart, &visit, Vital::HeartRate, heart);
    let mut findings =
        format!("Week {weeks}. Blood pressure {systolic:.0}/{diastolic:.0} mmHg, weight {weight:.1} kg. ");
    if first || weeks == 28 {
        let hemoglobin = super::laboratory::blood_count(life, &visit);
        findings.push_str(&format!("Hemoglobin {hemoglobin:.1} g/dL. "));
        if hemoglobin < 11.0 {
            clinical::order(&mut life.chart, &visit, &drugs::IRON, Some(problem));
        }
    }
    if (24..=28).contains(&weeks) && life.due(Routine::HemoglobinA1c, day, 60) {
        let sugar = body::hba1c(life, day);
        let glucose = body::glucose(life, sugar) - 6.0;
        labs::result(&mut life.chart, &visit, &labs::GLUCOSE, glucose);
    }
    if weeks == 20 {
        clinical::procedure(&mut life.chart, &visit, &codes::FETAL_ULTRASOUND, Some(problem), 20);
        findings.push_str("Ultrasound: one fetus, anatomy and growth as expected, placenta clear of the cervix. ");
    }
    if (27..=36).contains(&weeks) && !life.pregnancies[index].vaccinated {
        // Tdap between 27 and 36 weeks of every pregnancy (CDC adult schedule 2024).
        life.pregnancies[index].vaccinated = true;
        clinical::immunize(&mut life.chart, &visit, &crate::vaccines::TDAP, None);
    }
    if first || weeks >= 32 {
        let text = notes::prenatal(life, &visit, weeks, &findings);
        texts::note(&mut life.chart, &visit, &codes::PROGRESS_NOTE, &text);
    }
}

fn give_birth(life: &mut Life, index: usize, obstetrician: u32) {
    let (birth, cesarean) = (life.pregnancies[index].birth, life.pregnancies[index].cesarean);
    let start = at(birth, life.chart.chance.int(1, 20), 20);
    let minutes = if cesarean { 3 } else { 2 } * 1_440 - 600;
    let end_of_history = at(life.chart.options.today - 1, 18, 0);
    if start + minutes > end_of_history {
        return;
    }
    let visit = life.visit(start, minutes, obstetrician, &INPATIENT);
    let problem = *life.pregnancies[index]
        .problem
        .get_or_insert_with(|| clinical::diagnose(&mut life.chart, &visit, &dx::PREGNANCY, birth - 220, true));
    life.chart.problems[problem].resolved = Some(birth);
    let conditions = [life.chart.problems[problem].urn.clone()];
    let reason = Reason { kind: &codes::HOSPITAL_ADMISSION, diagnosis: Some(&dx::PREGNANCY), conditions: &conditions };
    encounter(&mut life.chart, &visit, &reason);
    let (systolic, diastolic) = body::pressure(life, birth);
    vitals::blood_pressure(&mut life.chart, &visit, systolic, diastolic);
    let heart = body::heart_rate(life, birth - 1, 0.0) + 10.0;
    vitals::vital(&mut life.chart, &visit, Vital::HeartRate, heart);
    let code = if cesarean { &codes::CESAREAN } else { &codes::CHILDBIRTH };
    clinical::procedure(&mut life.chart, &visit, code, Some(problem), 420);
    for i in 0..life.chart.orders.len() {
        let order = &mut life.chart.orders[i];
        if order.problem == Some(problem) && order.end.is_none() {
            order.end = Some((birth, Ending::Completed));
        }
    }
    let title = format!("Discharge summary, birth of {}", long_date(birth));
    let text = notes::birth(life, &visit, cesarean, (birth - life.pregnancies[index].began) / 7);
    texts::letter(&mut life.chart, &visit, &codes::DISCHARGE_SUMMARY, &title, &text);
}

fn after(life: &mut Life, index: usize, obstetrician: u32, day: Day) {
    if life.pregnancies[index].problem.is_none() {
        return;
    }
    let visit = life.visit(life.appointment(day), 25, obstetrician, &AMBULATORY);
    encounter(&mut life.chart, &visit, &Reason { kind: &codes::POSTNATAL, diagnosis: None, conditions: &[] });
    let (systolic, diastolic) = body::pressure(life, day);
    vitals::blood_pressure(&mut life.chart, &visit, systolic, diastolic);
    let weight = body::weight(life, day);
    vitals::vital(&mut life.chart, &visit, Vital::Weight, weight);
    let score = life.chart.chance.int(0, 6);
    vitals::phq9(&mut life.chart, &visit, score);
}
