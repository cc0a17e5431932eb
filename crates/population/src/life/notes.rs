//! The words of a visit: what the patient said, what was found, what it means and what will be done.

use super::Life;
use super::acute::Acute;
use super::chronic::Chronic;
use super::laboratory::Findings;
use super::review::Review;
use crate::calendar::long_date;
use crate::chart::Visit;
use crate::directory::{self, Field};

/// Letterhead: clinic, patient, date, doctor.
fn head(life: &Life, visit: &Visit, title: &str) -> String {
    let options = life.chart.options;
    format!(
        "{}\n{title}\n\nPatient: {}, born {}\nDate: {}\nSeen by: {}\n",
        directory::organization_name(options, visit.organization),
        life.chart.subject.name,
        long_date(life.chart.subject.birth),
        long_date(visit.day()),
        directory::practitioner_name(options, visit.practitioner),
    )
}

fn section(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    out.push('\n');
    out.push_str(title);
    out.push('\n');
    for (i, line) in lines.iter().enumerate() {
        if lines.len() > 1 {
            out.push_str(&format!("{}. ", i + 1));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// `a 52-year-old woman`, `a 7-month-old boy`.
fn who(life: &Life, visit: &Visit) -> String {
    let age = life.age(visit.day());
    let female = life.person.female;
    let noun = match (age < 18.0, female) {
        (true, true) => "girl",
        (true, false) => "boy",
        (false, true) => "woman",
        (false, false) => "man",
    };
    let number = if age < 2.0 { (age * 12.0) as i64 } else { age as i64 };
    let article = if matches!(number, 8 | 11 | 18 | 80..=89) { "an" } else { "a" };
    format!("{article} {number}-{}-old {noun}", if age < 2.0 { "month" } else { "year" })
}

/// What the patient took when they came in: what is ordered or stopped at this visit is the business of the plan.
fn medicines(life: &Life, visit: &Visit) -> String {
    let day = visit.day();
    let taken = life.chart.orders.iter().filter(|o| o.start < day && o.end.is_none_or(|(end, _)| end >= day));
    let mut names: Vec<&str> = Vec::new();
    for order in taken {
        if !names.contains(&order.drug.name) {
            names.push(order.drug.name);
        }
    }
    if names.is_empty() { "No regular medicines.".to_owned() } else { format!("Takes {}.", names.join(", ")) }
}

pub fn check_up(life: &Life, visit: &Visit, findings: &Findings, review: &Review, child: bool) -> String {
    let chance = &life.chart.chance;
    let mut out = head(life, visit, if child { "Well child visit" } else { "Annual visit" });
    let who = who(life, visit);
    let story = if child {
        let age = life.age(visit.day());
        let doing = match age {
            a if a < 0.4 => "Feeds well, gains weight, and looks at faces.",
            a if a < 1.0 => "Eats from the spoon, babbles, and sits or pulls up as expected for the age.",
            a if a < 2.0 => "Walks along furniture or alone, says first words, sleeps through most nights.",
            a if a < 6.0 => "Speaks in sentences, plays with other children, is out of diapers in the daytime.",
            a if a < 13.0 => "Likes school, has friends, sleeps nine to ten hours.",
            _ => "School goes well; mood is good; no smoking, alcohol or drugs when asked alone.",
        };
        format!(
            "{who} comes with a parent. {doing} {}",
            chance.pick(&[
                "The parents have no worries today.",
                "The parents asked about sleep and screen time.",
                "The parents asked about food and vitamins."
            ])
        )
    } else {
        format!(
            "{who} comes for the yearly check. {} {}",
            chance.pick(&[
                "Feels well, no chest pain and no breathlessness on two flights of stairs.",
                "Feels well apart from tiredness after long working days.",
                "No complaints today. Sleeps six to seven hours, appetite good.",
                "Walks most evenings, appetite and digestion unremarkable.",
            ]),
            medicines(life, visit)
        )
    };
    section(&mut out, "History", &[capital(&story)]);
    let exam = chance.pick(&[
        "Heart sounds regular without murmur, lungs clear, abdomen soft, no edema.",
        "Throat, heart, lungs and abdomen without abnormal finding; skin without suspicious moles.",
        "Alert and in good general condition; heart, lungs and abdomen normal on examination.",
    ]);
    section(&mut out, "Findings", &[format!("{} {exam}", findings.lines.join(" "))]);
    let healthy =
        vec![if child { "Healthy child, grows along the curve." } else { "No new health problem." }.to_owned()];
    section(&mut out, "Assessment", if review.assessment.is_empty() { &healthy } else { &review.assessment });
    let mut plan = review.plan.clone();
    plan.push(
        if child {
            "Next well child visit as scheduled."
        } else {
            "Next yearly check in twelve months, sooner if anything changes."
        }
        .to_owned(),
    );
    section(&mut out, "Plan", &plan);
    out
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What a patient says about a disease.
fn says(life: &Life, chronic: Chronic) -> &'static str {
    let lines: &[&'static str] = match chronic {
        Chronic::Hypertension => &[
            "Measures the pressure at home most mornings; no headache, no dizziness.",
            "Forgot tablets on two or three days of the month. No swelling of the ankles, no cough.",
            "Has cut down on salt. No chest pain, no palpitations.",
        ],
        Chronic::Diabetes => &[
            "Fasting sugars at home mostly as agreed; no low sugars; feet without sores.",
            "Eats more regularly since the talk with the dietitian; walks half an hour a day.",
            "Admits to sweets in the evening. No numbness of the feet, eyes checked this year.",
        ],
        Chronic::Prediabetes => &[
            "Lost a little weight, walks with a neighbor three times a week.",
            "Finds it hard to give up sweet drinks.",
        ],
        Chronic::Lipids => &["Takes the tablet at night, no muscle pain.", "Eats fish twice a week, little red meat."],
        Chronic::Asthma => &[
            "Needs the rescue inhaler less than twice a week, sleeps through.",
            "Coughs at night when the wind brings dust; rescue inhaler three times last week.",
            "No attack since the last visit; runs without wheezing.",
        ],
        Chronic::Hypothyroidism => &["Less tired than before, weight steady, takes the tablet before breakfast."],
        Chronic::Depression => &[
            "Sleep is still broken, concentration a little better. No thoughts of self-harm.",
            "Went out with friends for the first time in weeks. No thoughts of self-harm.",
            "Low in the mornings, better towards evening; work is possible again part-time. No thoughts of self-harm.",
        ],
        Chronic::Kidney => &["No swelling, urine as usual, avoids anti-inflammatory pain killers."],
        Chronic::Copd => &[
            "Breathless on one flight of stairs, morning cough with little phlegm.",
            "No flare-up since the last visit.",
        ],
        Chronic::HeartFailure => &[
            "Sleeps on two pillows, weighs every morning, weight steady within a kilogram.",
            "Ankles swollen in the evening; had salted food at a family party.",
        ],
        Chronic::AtrialFibrillation => &["Palpitations now and then, no bleeding under the blood thinner."],
        _ => &["No change since the last visit."],
    };
    life.chart.chance.pick::<&'static str>(lines)
}

pub fn follow_up(
    life: &Life,
    visit: &Visit,
    chronic: Chronic,
    findings: &Findings,
    review: &Review,
    video: bool,
) -> String {
    let name = chronic.profile().diagnosis.code.text;
    let title = if video { "Video visit" } else { "Follow-up visit" };
    let mut out = head(life, visit, title);
    let story = format!(
        "{} with {} comes for follow-up. {} {}",
        capital(&who(life, visit)),
        lower(name),
        says(life, chronic),
        medicines(life, visit)
    );
    section(&mut out, "History", &[story]);
    let mut found = findings.lines.join(" ");
    if let Some(score) = findings.phq9 {
        found.push_str(&format!(" PHQ-9 {score} of 27."));
    }
    if video {
        found.push_str(" Seen by video: speaks in full sentences, no distress.");
    }
    if !found.trim().is_empty() {
        section(&mut out, "Findings", &[found.trim().to_owned()]);
    }
    section(&mut out, "Assessment", &review.assessment);
    let months = chronic.profile().months.unwrap_or(6);
    let mut plan = review.plan.clone();
    plan.push(format!(
        "Next visit in about {months} months with {}.",
        directory::practitioner_name(life.chart.options, life.person.practitioner)
    ));
    section(&mut out, "Plan", &plan);
    out
}

/// `Type 2 diabetes mellitus` inside a sentence; abbreviations stay.
fn lower(name: &str) -> String {
    if name.starts_with("COPD") { name.to_owned() } else { name[..1].to_lowercase() + &name[1..] }
}

pub fn field_name(field: Field) -> &'static str {
    match field {
        Field::Family | Field::Internal => "the medical clinic",
        Field::Pediatrics => "pediatrics",
        Field::Cardiology => "cardiology",
        Field::Endocrinology => "endocrinology",
        Field::Pulmonology => "pulmonology",
        Field::Psychiatry => "psychiatry",
        Field::Obstetrics => "obstetrics",
        Field::Emergency => "the emergency department",
        Field::Orthopedics => "orthopedics",
        Field::Nephrology => "nephrology",
        Field::Neurology => "neurology",
    }
}

pub fn consult_letter(life: &Life, visit: &Visit, chronic: Chronic, findings: &Findings, review: &Review) -> String {
    let mut out = head(life, visit, "Letter to the referring doctor");
    let doctor = directory::practitioner_name(life.chart.options, life.person.practitioner);
    let name = lower(chronic.profile().diagnosis.code.text);
    out.push_str(&format!(
        "\nDear {doctor},\n\nThank you for sending {}, {}, whom we saw for {name}. {} {}\n",
        life.chart.subject.name,
        who(life, visit),
        says(life, chronic),
        medicines(life, visit),
    ));
    if !findings.lines.is_empty() {
        out.push_str(&format!("\nOn the day of the visit we found: {}\n", findings.lines.join(" ")));
    }
    section(&mut out, "Our view", &review.assessment);
    section(&mut out, "We suggest", &review.plan);
    let sender = directory::practitioner_name(life.chart.options, visit.practitioner);
    out.push_str(&format!(
        "\nWe would like to see the patient again in six to twelve months.\n\nWith kind regards,\n{sender}\n"
    ));
    out
}

/// The family doctor asks a specialist for advice.
pub fn referral(life: &Life, visit: &Visit, chronic: Chronic, field: Field, findings: &Findings) -> String {
    let mut out = head(life, visit, "Referral");
    let name = lower(chronic.profile().diagnosis.code.text);
    let sender = directory::practitioner_name(life.chart.options, visit.practitioner);
    out.push_str(&format!(
        "\nTo {}\n\nDear colleague,\n\nPlease see {}, {}, with {name} found today. {}\n\n{}\n",
        field_name(field),
        life.chart.subject.name,
        who(life, visit),
        findings.lines.join(" "),
        medicines(life, visit),
    ));
    out.push_str(&format!(
        "\nI ask for your opinion on the cause and on the best treatment. Reports are in the shared record.\n\nWith kind regards,\n{sender}\n"
    ));
    out
}

pub fn ill(life: &Life, visit: &Visit, illness: &Acute, measured: &str) -> String {
    let title = if illness.emergency { "Emergency department note" } else { "Visit note" };
    let mut out = head(life, visit, title);
    section(&mut out, "Complaint", &[format!("{}: {}", capital(&who(life, visit)), illness.complaint)]);
    section(&mut out, "Findings", &[format!("{measured}. {}", illness.finding)]);
    section(&mut out, "Assessment", &[format!("{}.", illness.diagnosis.code.text)]);
    let mut plan = vec![illness.advice.to_owned()];
    let orders = life.chart.orders.iter().filter(|o| o.start == visit.day());
    plan.extend(orders.map(|o| format!("{}: {}", capital(o.drug.name), o.drug.directions)));
    section(&mut out, "Plan", &plan);
    out
}

pub fn prenatal(life: &Life, visit: &Visit, weeks: i64, findings: &str) -> String {
    let mut out = head(life, visit, "Prenatal visit");
    let story = if weeks < 12 {
        "Pregnancy test positive at home; some nausea in the morning, no bleeding. Takes folic acid."
    } else if weeks < 30 {
        "Feels the child move. No bleeding, no pain, no headache."
    } else {
        "The child moves every day; some tightening in the evening; no headache, no blurred vision."
    };
    section(&mut out, "History", &[story.to_owned()]);
    section(&mut out, "Findings", &[format!("{}Heartbeat of the child regular.", findings)]);
    section(&mut out, "Assessment", &[format!("Normal pregnancy, week {weeks}.")]);
    section(
        &mut out,
        "Plan",
        &["Next visit as scheduled; call at once with bleeding, loss of fluid or fewer movements.".to_owned()],
    );
    out
}

pub fn birth(life: &Life, visit: &Visit, cesarean: bool, weeks: i64) -> String {
    let mut out = head(life, visit, "Discharge summary");
    let way = if cesarean {
        "Cesarean section for slow progress of labor, without complication; wound dry at discharge."
    } else {
        "Spontaneous vaginal birth with a first-degree tear that was sutured."
    };
    section(
        &mut out,
        "Course",
        &[format!("Admitted in labor in week {weeks}. {way} Mother and child are well, breastfeeding established.")],
    );
    section(
        &mut out,
        "Plan",
        &[
            "Visit six weeks after birth.".to_owned(),
            "Return with fever, heavy bleeding, a red breast or low mood that lasts.".to_owned(),
        ],
    );
    out
}
