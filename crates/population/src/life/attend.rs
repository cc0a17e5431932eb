//! What happens at one visit, from the door to the note.

use super::acute::Acute;
use super::chronic::Chronic;
use super::laboratory::{self, Findings};
use super::plan::{Planned, Routine, Why};
use super::{Life, body, growth, notes, past, pregnancy, review};
use crate::calendar::{Day, at, working_day};
use crate::chart::clinical::{self, Allergy, Ending};
use crate::chart::vitals::{self, Vital};
use crate::chart::{Reason, Visit, encounter, plans, texts};
use crate::codes::{self, AMBULATORY, Code, EMERGENCY, VIRTUAL, snomed};
use crate::directory::{self, Field};
use crate::drugs::{self as rx, Drug};

pub fn attend(life: &mut Life, planned: &Planned) {
    match planned.why {
        Why::Ill(illness) => ill(life, illness, planned.day),
        Why::Pregnancy(index, stage) => pregnancy::attend(life, index, stage, planned.day),
        Why::SeasonalVaccine => seasonal(life, planned.day),
        Why::WellChild | Why::CheckUp => check_up(life, planned),
        Why::FollowUp(Chronic::Depression) => depression(life, planned.day),
        Why::FollowUp(chronic) => follow_up(life, chronic, planned.day),
    }
}

/// Asks for allergies once, as soon as a child can have shown one. Shares are of the order of the NHIS 2021 (food
/// allergy 6 %).
fn ask_for_allergies(life: &mut Life, visit: &Visit) {
    let day = visit.day();
    if life.allergies_known || life.age(day) < 1.4 {
        return;
    }
    life.allergies_known = true;
    let hives = snomed("247472004", "Hives");
    let wheeze = snomed("56018004", "Wheezing");
    let anaphylaxis = snomed("39579001", "Anaphylaxis");
    let pollen = if life.onset(Chronic::Rhinitis).is_some() { 0.5 } else { 0.03 };
    let table = [
        (
            f64::from(life.penicillin),
            snomed("91936005", "Allergy to penicillin"),
            "medication",
            "high",
            (hives, "moderate"),
        ),
        (0.02, snomed("91939003", "Allergy to sulfonamide"), "medication", "low", (hives, "mild")),
        (0.018, snomed("91935009", "Allergy to peanut"), "food", "high", (anaphylaxis, "severe")),
        (0.018, snomed("300913006", "Shellfish allergy"), "food", "low", (hives, "moderate")),
        (0.008, snomed("300916003", "Latex allergy"), "environment", "low", (hives, "mild")),
        (pollen, snomed("418689008", "Grass pollen allergy"), "environment", "low", (wheeze, "mild")),
    ];
    let mut some = false;
    for (share, code, category, criticality, reaction) in table {
        if life.chart.chance.yes(share) {
            some = true;
            let onset = life.person.birth + life.chart.chance.int(300, (day - life.person.birth - 20).max(301));
            let allergy = Allergy { code, category, criticality, reaction };
            clinical::allergy(&mut life.chart, visit, &allergy, onset.min(day));
        }
    }
    if !some {
        clinical::no_known_allergy(&mut life.chart, visit);
    }
}

/// The usual measurements.
fn measure(life: &mut Life, visit: &Visit, findings: &mut Findings) {
    let day = visit.day();
    let age = life.age(day);
    let weight = body::weight(life, day);
    findings.weight = Some(weight);
    vitals::vital(&mut life.chart, visit, Vital::Weight, weight);
    let height = body::height(life, day);
    if age < 20.0 || life.due(Routine::Height, day, 1_500) {
        vitals::vital(&mut life.chart, visit, Vital::Height, height);
    }
    findings.lines.push(format!("Weight {weight:.1} kg, height {height:.1} cm."));
    if age >= 2.0 {
        let bmi = weight / (height / 100.0).powi(2);
        vitals::vital(&mut life.chart, visit, Vital::BodyMassIndex, bmi);
        findings.bmi = Some(bmi);
    } else {
        let z = life.person.height_z * 0.6;
        let head = growth::head(age, life.person.female, z);
        vitals::vital(&mut life.chart, visit, Vital::HeadCircumference, head);
    }
    let heart = body::heart_rate(life, day, 0.0);
    vitals::vital(&mut life.chart, visit, Vital::HeartRate, heart);
    if age >= 3.0 {
        let (systolic, diastolic) = body::pressure(life, day);
        vitals::blood_pressure(&mut life.chart, visit, systolic, diastolic);
        findings.pressure = Some((systolic, diastolic));
        findings.lines.push(format!("Blood pressure {systolic:.0}/{diastolic:.0} mmHg, pulse {heart:.0}."));
    }
    let lungs = life.has(Chronic::Copd, day) || life.has(Chronic::HeartFailure, day);
    if lungs || life.has(Chronic::Asthma, day) {
        let saturation = body::saturation(life, day, 0.0);
        vitals::vital(&mut life.chart, visit, Vital::OxygenSaturation, saturation);
        findings.lines.push(format!("Oxygen saturation {saturation:.0} %."));
    }
    if life.has(Chronic::Asthma, day) && age >= 5.5 {
        let flow = body::peak_flow(life, day);
        let best = body::peak_flow_expected(life, day);
        vitals::breathing(&mut life.chart, visit, &vitals::PEAK_FLOW, flow, ("L/min", "L/min", 0));
        findings.peak_share = Some(flow / best);
        findings.lines.push(format!("Peak flow {flow:.0} L/min."));
    }
}

fn check_up(life: &mut Life, planned: &Planned) {
    let day = planned.day;
    let child = matches!(planned.why, Why::WellChild);
    let visit = life.visit(life.appointment(day), 40, life.person.practitioner, &AMBULATORY);
    review::establish(life, &visit);
    let mut findings = Findings::default();
    measure(life, &visit, &mut findings);
    ask_for_allergies(life, &visit);
    laboratory::take_samples(life, &visit, &mut findings);
    laboratory::examine(life, &visit, &mut findings);
    let mut reviewed = review::all(life, &visit, &mut findings, None);
    iron(life, &visit, &findings, &mut reviewed);
    if !child {
        if life.due(Routine::Smoking, day, 700) {
            vitals::status(&mut life.chart, &visit, &codes::SMOKING_STATUS, life.person.smoking);
        }
        if life.due(Routine::DepressionScreen, day, 1_000) && !life.has(Chronic::Depression, day) {
            let score = life.chart.chance.int(0, 5);
            vitals::phq9(&mut life.chart, &visit, score);
        }
        renew(life, &visit);
        team(life, &visit);
    }
    let given = past::vaccinate(life, &visit);
    if !given.is_empty() {
        reviewed.plan.push(format!("Vaccines given today: {}.", given.join("; ")));
    }
    refer(life, &visit, &findings, &reviewed);
    let kind = if child { &codes::WELL_CHILD } else { &codes::CHECK_UP };
    encounter(&mut life.chart, &visit, &Reason { kind, diagnosis: None, conditions: &reviewed.conditions });
    if !child || life.age(day) < 2.0 || life.chart.chance.yes(0.5) {
        let text = notes::check_up(life, &visit, &findings, &reviewed, child);
        texts::note(&mut life.chart, &visit, &codes::HISTORY_AND_PHYSICAL, &text);
    }
}

fn follow_up(life: &mut Life, chronic: Chronic, day: Day) {
    let specialist = chronic.profile().specialist;
    // A specialist sees what the family doctor has found already.
    let known = life.ails.iter().any(|ail| ail.chronic == chronic && ail.problem.is_some());
    let referred = specialist.filter(|_| life.chart.chance.yes(0.25) && known);
    let practitioner = match referred {
        Some(field) => directory::find(life.chart.options, field, life.person.practitioner),
        None => life.person.practitioner,
    };
    // Video visits became ordinary in spring 2020.
    let video = day > 18_350 && referred.is_none() && life.chart.chance.yes(0.12);
    let visit = life.visit(life.appointment(day), 25, practitioner, if video { &VIRTUAL } else { &AMBULATORY });
    review::establish(life, &visit);
    let mut findings = Findings::default();
    if !video {
        measure(life, &visit, &mut findings);
        ask_for_allergies(life, &visit);
        laboratory::take_samples(life, &visit, &mut findings);
    }
    let mut reviewed = review::all(life, &visit, &mut findings, Some(chronic));
    renew(life, &visit);
    if !video {
        team(life, &visit);
        let given = past::vaccinate(life, &visit);
        if !given.is_empty() {
            reviewed.plan.push(format!("Vaccines given today: {}.", given.join("; ")));
        }
    }
    let diagnosis = Some(chronic.profile().diagnosis);
    let reason = Reason { kind: &codes::FOLLOW_UP, diagnosis, conditions: &reviewed.conditions };
    encounter(&mut life.chart, &visit, &reason);
    if referred.is_none() {
        refer(life, &visit, &findings, &reviewed);
    }
    if let Some(field) = referred {
        let text = notes::consult_letter(life, &visit, chronic, &findings, &reviewed);
        let title = format!("Letter from {}", notes::field_name(field));
        texts::letter(&mut life.chart, &visit, &codes::CONSULT_NOTE, &title, &text);
    } else if life.chart.chance.yes(0.8) {
        let text = notes::follow_up(life, &visit, chronic, &findings, &reviewed, video);
        texts::note(&mut life.chart, &visit, &codes::PROGRESS_NOTE, &text);
    }
}

/// A letter to the specialist, when a new disease asks for one.
fn refer(life: &mut Life, visit: &Visit, findings: &Findings, reviewed: &review::Review) {
    if let Some((chronic, field)) = reviewed.referred {
        let text = notes::referral(life, visit, chronic, field, findings);
        let title = format!("Referral to {}", notes::field_name(field));
        texts::letter(&mut life.chart, visit, &codes::REFERRAL_NOTE, &title, &text);
    }
}

/// Visits for a depression are kept apart: everything in them carries the psychiatry label.
fn depression(life: &mut Life, day: Day) {
    let index = life.ails.iter().position(|ail| ail.chronic == Chronic::Depression);
    let known = index.and_then(|i| life.ails[i].problem).map(|p| &life.chart.problems[p]);
    let too_late = known.is_none() && index.is_some_and(|i| day - life.ails[i].onset > 400);
    if too_late || known.is_some_and(|p| p.resolved.is_some()) {
        return;
    }
    let psychiatrist = directory::find(life.chart.options, Field::Psychiatry, life.person.practitioner);
    let practitioner = if life.chart.chance.yes(0.5) { psychiatrist } else { life.person.practitioner };
    let video = day > 18_350 && life.chart.chance.yes(0.4);
    let mut visit = life.visit(life.appointment(day), 45, practitioner, if video { &VIRTUAL } else { &AMBULATORY });
    visit.sensitive = true;
    let mut findings = Findings::default();
    let first = known.is_none();
    let mut reviewed = review::Review::default();
    review::only(life, &visit, Chronic::Depression, &mut findings, &mut reviewed);
    if first {
        let score = life.chart.chance.int(13, 20);
        vitals::phq9(&mut life.chart, &visit, score);
        findings.phq9 = Some(score);
    } else if life.chart.chance.yes(0.4) {
        clinical::procedure(&mut life.chart, &visit, &codes::CBT, None, 45);
    }
    let diagnosis = Some(Chronic::Depression.profile().diagnosis);
    let reason = Reason { kind: &codes::FOLLOW_UP, diagnosis, conditions: &reviewed.conditions };
    encounter(&mut life.chart, &visit, &reason);
    let text = notes::follow_up(life, &visit, Chronic::Depression, &findings, &reviewed, video);
    texts::note(&mut life.chart, &visit, &codes::PROGRESS_NOTE, &text);
}

fn ill(life: &mut Life, illness: &'static Acute, day: Day) {
    let emergency = illness.emergency;
    let day = if emergency { day } else { working_day(day) };
    let field = if emergency { Field::Emergency } else { Field::Family };
    let practitioner = match emergency {
        true => directory::find(life.chart.options, field, life.person.practitioner),
        false => life.person.practitioner,
    };
    let (start, minutes, class): (_, _, &'static Code) = if emergency {
        (
            at(day, life.chart.chance.int(7, 19), life.chart.chance.int(0, 59)),
            life.chart.chance.int(95, 230),
            &EMERGENCY,
        )
    } else {
        (life.appointment(day), 20, &AMBULATORY)
    };
    let visit = life.visit(start, minutes, practitioner, class);
    let problem = if illness.is_attack() {
        life.ails.iter().find(|ail| ail.chronic == Chronic::Asthma).and_then(|ail| ail.problem)
    } else {
        let onset = day - life.chart.chance.int(0, 3);
        Some(clinical::diagnose(&mut life.chart, &visit, illness.diagnosis, onset.max(life.person.birth), false))
    };
    let conditions: Vec<String> = problem.iter().map(|&p| life.chart.problems[p].urn.clone()).collect();
    let kind = if emergency { &codes::EMERGENCY_ADMISSION } else { &codes::SYMPTOM };
    encounter(&mut life.chart, &visit, &Reason { kind, diagnosis: Some(illness.diagnosis), conditions: &conditions });
    let fever = illness.fever * life.chart.chance.between(0.6, 1.25);
    let temperature = body::temperature(life, fever);
    vitals::vital(&mut life.chart, &visit, Vital::Temperature, temperature);
    let heart = body::heart_rate(life, day, fever);
    vitals::vital(&mut life.chart, &visit, Vital::HeartRate, heart);
    let mut measured = format!("Temperature {temperature:.1} °C, pulse {heart:.0}");
    if illness.breaths > 0.0 || emergency {
        let breaths = body::breaths(life, day, illness.breaths);
        vitals::vital(&mut life.chart, &visit, Vital::RespiratoryRate, breaths);
        let saturation = body::saturation(life, day, illness.oxygen);
        vitals::vital(&mut life.chart, &visit, Vital::OxygenSaturation, saturation);
        measured.push_str(&format!(", {breaths:.0} breaths a minute, oxygen saturation {saturation:.0} %"));
    }
    treat(life, &visit, illness, problem);
    if emergency || life.chart.chance.yes(0.6) {
        let code = if emergency { &codes::EMERGENCY_NOTE } else { &codes::PROGRESS_NOTE };
        let text = notes::ill(life, &visit, illness, &measured);
        texts::note(&mut life.chart, &visit, code, &text);
    }
}

/// Azithromycin instead of amoxicillin for who cannot have penicillin.
fn suited(life: &Life, drug: &'static Drug) -> &'static Drug {
    match drug {
        _ if !life.penicillin => drug,
        drug if *drug == rx::AMOXICILLIN => &rx::AZITHROMYCIN,
        drug if *drug == rx::AMOXICILLIN_LIQUID => &rx::AZITHROMYCIN_LIQUID,
        _ => drug,
    }
}

/// Medicine and procedure of an illness, and its end.
fn treat(life: &mut Life, visit: &Visit, illness: &'static Acute, problem: Option<usize>) {
    let age = life.age(visit.day());
    let end = visit.day() + life.chart.chance.int(illness.days.0, illness.days.1);
    let last = life.chart.options.today - 1;
    let drug = if age < 12.0 { illness.child_drug } else { illness.adult_drug }.map(|drug| suited(life, drug));
    // A chewable tablet is nothing for a baby.
    if let Some(drug) = drug.filter(|drug| age >= 4.0 || drug.unit == "mL") {
        let order = clinical::order(&mut life.chart, visit, drug, problem);
        if end < last {
            life.chart.orders[order].end = Some((end.min(visit.day() + 10), Ending::Completed));
        }
    }
    if let Some(code) = illness.procedure {
        clinical::procedure(&mut life.chart, visit, code, problem, 60);
    }
    if let Some(problem) = problem.filter(|_| !illness.is_attack() && end < last) {
        life.chart.problems[problem].resolved = Some(end);
    }
}

fn seasonal(life: &mut Life, day: Day) {
    let visit = life.visit(life.appointment(day), 10, life.person.practitioner, &AMBULATORY);
    if past::vaccinate(life, &visit).is_empty() {
        return;
    }
    let reason = Reason { kind: &codes::CHECK_UP, diagnosis: None, conditions: &[] };
    encounter(&mut life.chart, &visit, &reason);
}

/// Once a year everything that is taken for good is ordered anew.
fn renew(life: &mut Life, visit: &Visit) {
    if !life.due(Routine::Renewal, visit.day(), 330) {
        return;
    }
    let mut any = false;
    for i in 0..life.ails.len() {
        for k in 0..life.ails[i].orders.len() {
            let order = life.ails[i].orders[k];
            if life.chart.orders[order].end.is_none() && visit.day() - life.chart.orders[order].start > 200 {
                life.ails[i].orders[k] = clinical::renew(&mut life.chart, visit, order);
                any = true;
            }
        }
    }
    if any && life.due(Routine::MedicationReview, visit.day(), 700) {
        clinical::procedure(&mut life.chart, visit, &codes::MEDICATION_REVIEW, None, 10);
    }
}

/// Who has several doctors gets a team.
fn team(life: &mut Life, visit: &Visit) {
    let day = visit.day();
    let mut members = vec![life.person.practitioner];
    let fields = life.ails.iter().filter(|ail| ail.onset < day && ail.chronic != Chronic::Depression);
    for field in fields.filter_map(|ail| ail.chronic.profile().specialist) {
        let member = directory::find(life.chart.options, field, life.person.practitioner);
        if !members.contains(&member) {
            members.push(member);
        }
    }
    if members.len() > 1 && life.due(Routine::CareTeam, day, 20_000) {
        plans::care_team(&mut life.chart, visit, &members);
    }
}

/// A low hemoglobin of a woman who menstruates is most often a lack of iron: ferritin settles it.
fn iron(life: &mut Life, visit: &Visit, findings: &Findings, reviewed: &mut review::Review) {
    use crate::chart::labs;
    use crate::diagnoses::IRON_DEFICIENCY;
    let day = visit.day();
    let age = life.age(day);
    let prone = life.person.female && (15.0..50.0).contains(&age) && life.iron.is_none() && life.chart.chance.yes(0.04);
    if !prone || findings.hemoglobin.is_some() {
        return;
    }
    life.iron = Some((day - 90, Some(day + 90)));
    laboratory::blood_count(life, visit);
    let ferritin = life.chart.chance.between(4.0, 13.0);
    labs::result(&mut life.chart, visit, &labs::FERRITIN, ferritin);
    let problem = clinical::diagnose(&mut life.chart, visit, &IRON_DEFICIENCY, day, true);
    let order = clinical::order(&mut life.chart, visit, &rx::IRON, Some(problem));
    if day + 150 < life.chart.options.today {
        life.chart.orders[order].end = Some((day + 120, Ending::Completed));
        life.chart.problems[problem].resolved = Some(day + 140);
    }
    reviewed.assessment.push(format!("{}. Ferritin {ferritin:.0} ng/mL.", IRON_DEFICIENCY.code.text));
    reviewed.plan.push("Iron once daily for four months, then repeat the blood count.".to_owned());
}
