//! Mateo Rivera, 6. Born healthy, vaccinated on schedule, wheezed with colds, asthma since three and a half, one night
//! in the emergency department, well controlled since.

use super::stage::{Stage, begin, close, head, open, play, season};
use super::{Cast, Event, MATEO_RIVERA, QUIET, Scene, Setting, Sign};
use crate::calendar::{Day, long_date};
use crate::chart::clinical::{self, Allergy};
use crate::chart::labs;
use crate::chart::vitals::{self, Vital};
use crate::chart::{Reason, encounter, texts};
use crate::codes::{self, snomed};
use crate::diagnoses as dx;
use crate::directory::{self, Field};
use crate::drugs as rx;
use crate::life::growth;
use crate::person::Contact;
use crate::{Bundle, Options, vaccines};

/// He was born this many days ago: six years and five months.
const DAYS_OLD: Day = 2_345;

static GRASS: Allergy = Allergy {
    code: snomed("418689008", "Grass pollen allergy"),
    category: "environment",
    criticality: "low",
    reaction: (snomed("56018004", "Wheezing"), "mild"),
};

/// Age in months, and what the parents said and the doctor saw.
static WELL_VISITS: [(f64, &str); 14] = [
    (0.2, "Fourth day of life. Nurses every two to three hours, jaundice mild and fading."),
    (1.0, "Smiles for the first time, lifts the head when lying on the belly."),
    (2.0, "Follows faces, coos. First round of vaccines explained."),
    (4.0, "Rolls over, laughs aloud, reaches for the spoon."),
    (6.0, "Sits with support, two teeth, began with vegetables."),
    (9.0, "Crawls, says mama, afraid of strangers."),
    (12.0, "Stands alone and takes the first steps. Hemoglobin checked."),
    (15.0, "Walks, points at what he wants, five words. Dry patches in the elbows."),
    (18.0, "Runs, stacks four blocks, about fifteen words in two languages."),
    (24.0, "Two-word sentences, kicks a ball. Wheezed with two colds this winter."),
    (36.0, "Pedals a tricycle, tells stories, mostly dry at night."),
    (48.0, "Hops on one foot, draws a person with four parts. Began preschool."),
    (60.0, "Writes his name, counts to twenty, wants to be a goalkeeper."),
    (72.0, "First grade. Plays soccer twice a week without wheezing when he takes his inhaler."),
];

pub fn history(o: &Options) -> Bundle {
    let cast = Cast {
        value: MATEO_RIVERA,
        given: &["Mateo"],
        family: "Rivera",
        female: false,
        birth: o.today - DAYS_OLD,
        town: 0,
        language: ("es", "Spanish"),
        contact: Contact { given: "Elena", family: "Rivera", female: true, relationship: ("N", "Next-of-Kin") },
        practitioner: directory::find(o, Field::Pediatrics, 0),
        married: None,
    };
    let mut stage = open(o, &cast);
    let ago = |months: f64| DAYS_OLD - (months * 30.437) as Day;
    let mut scenes = STORY.iter().peekable();
    for (months, text) in &WELL_VISITS {
        while let Some(scene) = scenes.next_if(|scene| scene.ago > ago(*months)) {
            play(&mut stage, scene);
        }
        well_visit(&mut stage, ago(*months), *months, text);
    }
    for scene in scenes {
        play(&mut stage, scene);
    }
    close(stage, cast)
}

/// He grows a little above the median.
const HEIGHT_Z: f64 = 0.4;
const WEIGHT_Z: f64 = 0.3;

fn well_visit(stage: &mut Stage, ago: Day, months: f64, text: &'static str) {
    let day = stage.chart.options.today - ago;
    let visit = begin(stage, day, Setting::CheckUp, Field::Pediatrics);
    let age = stage.chart.subject.age_years(visit.day());
    let height = growth::height(age, false, HEIGHT_Z);
    let weight = if age < 2.0 {
        growth::infant_weight(age, false, WEIGHT_Z)
    } else {
        growth::bmi(age, false, WEIGHT_Z) * (height / 100.0).powi(2)
    };
    let chart = &mut stage.chart;
    vitals::vital(chart, &visit, Vital::Weight, weight);
    vitals::vital(chart, &visit, Vital::Height, height);
    vitals::vital(chart, &visit, Vital::HeartRate, growth::heart_rate(age, false).round());
    if age < 2.0 {
        vitals::vital(chart, &visit, Vital::HeadCircumference, growth::head(age, false, 0.2));
    } else {
        vitals::vital(chart, &visit, Vital::BodyMassIndex, weight / (height / 100.0).powi(2));
    }
    if age >= 3.0 {
        vitals::blood_pressure(
            chart,
            &visit,
            growth::systolic(age, false).round(),
            growth::diastolic(age, false).round(),
        );
    }
    if (11.0..13.0).contains(&months) {
        labs::result(chart, &visit, &labs::HEMOGLOBIN, 12.1);
    }
    let mut given = Vec::new();
    for (code, number) in vaccines::due(&mut stage.given, stage.chart.subject.birth, visit.day()) {
        clinical::immunize(&mut stage.chart, &visit, code, number);
        given.push(code.text);
    }
    given.extend(season(stage, &visit));
    encounter(&mut stage.chart, &visit, &Reason { kind: &codes::WELL_CHILD, diagnosis: None, conditions: &[] });
    let vaccines = if given.is_empty() { "none due".to_owned() } else { given.join("; ") };
    let text = format!(
        "{}\nWell child visit, {}\n\nHistory\n{text}\n\nFindings\nWeight {weight:.1} kg, length {height:.1} cm. Heart, lungs, belly, hips and \
         eyes normal for the age.\n\nAssessment\nHealthy boy who grows along his curve.\n\nPlan\nVaccines today: {vaccines}. Next visit \
         as scheduled.\n",
        head(stage, &visit),
        long_date(visit.day()),
    );
    texts::note(&mut stage.chart, &visit, &codes::HISTORY_AND_PHYSICAL, &text);
}

/// Oldest first; told between the well visits.
static STORY: [Scene; 9] = [
    Scene {
        ago: 1_990,
        field: Field::Pediatrics,
        about: Some(&dx::OTITIS),
        signs: &[
            Sign::Vital(Vital::Temperature, 38.9),
            Sign::Vital(Vital::HeartRate, 138.0),
            Sign::Vital(Vital::Weight, 9.9),
        ],
        events: &[
            Event::Diagnose(&dx::OTITIS, 1),
            Event::Start(&rx::AMOXICILLIN_LIQUID, &dx::OTITIS),
            Event::Finish(&rx::AMOXICILLIN_LIQUID, 10),
            Event::Resolve(&dx::OTITIS, 9),
        ],
        history: "Screamed half the night, pulls at the right ear, cold since three days.",
        findings: "38.9 °C, right eardrum red and bulging.",
        assessment: "Acute otitis media.",
        plan: "Amoxicillin for ten days, pain relief by weight.",
        ..QUIET
    },
    Scene {
        ago: 1_870,
        field: Field::Pediatrics,
        about: Some(&dx::ECZEMA),
        signs: &[Sign::Vital(Vital::Weight, 10.7)],
        events: &[Event::Diagnose(&dx::ECZEMA, 60)],
        history: "Itchy dry patches in elbows and knees, worse in winter. His mother has hay fever.",
        findings: "Mild eczema of the bends, not infected.",
        assessment: "Atopic dermatitis, mild.",
        plan: "Moisturizer twice a day, short lukewarm baths.",
        ..QUIET
    },
    Scene {
        ago: 1_050,
        field: Field::Pediatrics,
        about: Some(&dx::ASTHMA),
        signs: &[
            Sign::Vital(Vital::RespiratoryRate, 30.0),
            Sign::Vital(Vital::OxygenSaturation, 96.0),
            Sign::Vital(Vital::HeartRate, 118.0),
            Sign::Vital(Vital::Weight, 16.6),
        ],
        events: &[
            Event::Diagnose(&dx::ASTHMA, 30),
            Event::Start(&rx::ALBUTEROL, &dx::ASTHMA),
            Event::Plan(
                "Asthma action plan",
                &dx::ASTHMA,
                &[
                    "Rescue inhaler with a spacer when he wheezes",
                    "Call when it is needed more often than every four hours",
                ],
            ),
        ],
        history: "Fourth wheezy cold within a year, coughs at night and after running.",
        findings: "Wheeze on both sides, better within ten minutes of albuterol by spacer.",
        assessment: "Asthma, likely, in a child with eczema and a family history of allergy.",
        plan: "Albuterol as needed with spacer and mask; parents shown how. Control in six weeks.",
        ..QUIET
    },
    Scene {
        ago: 720,
        setting: Setting::Emergency,
        field: Field::Emergency,
        about: Some(&dx::ASTHMA),
        signs: &[
            Sign::Vital(Vital::RespiratoryRate, 42.0),
            Sign::Vital(Vital::OxygenSaturation, 90.0),
            Sign::Vital(Vital::HeartRate, 148.0),
            Sign::Vital(Vital::Temperature, 37.6),
        ],
        events: &[
            Event::Procedure(&codes::CHEST_XRAY, Some(&dx::ASTHMA)),
            Event::Start(&rx::PREDNISONE, &dx::ASTHMA),
            Event::Finish(&rx::PREDNISONE, 5),
        ],
        history: "Dust storm yesterday, cold since two days. Since midnight hard breathing, eight puffs of albuterol without effect.",
        findings: "Draws in between the ribs, speaks single words, wheeze everywhere, 90 % in room air. Chest X-ray without infiltrate. \
                   After three nebulizers with ipratropium and a dose of steroid 96 %, plays with a truck.",
        assessment: "Acute severe attack of asthma, good response.",
        plan: "Home after four hours of observation. Prednisone for five days. Pediatrician within two days for a controller.",
        ..QUIET
    },
    Scene {
        ago: 717,
        field: Field::Pediatrics,
        about: Some(&dx::ASTHMA),
        signs: &[
            Sign::Vital(Vital::RespiratoryRate, 26.0),
            Sign::Vital(Vital::OxygenSaturation, 97.0),
            Sign::Vital(Vital::HeartRate, 110.0),
        ],
        events: &[
            Event::Start(&rx::FLUTICASONE, &dx::ASTHMA),
            Event::Allergic(&GRASS, 400),
            Event::Team(&[Field::Pulmonology]),
            Event::Letter(
                &codes::REFERRAL_NOTE,
                "Letter to the preschool",
                "To whom it may concern,\n\nMateo has asthma. His blue inhaler and the spacer are in his bag. If he coughs, wheezes or draws \
                 in his breath: sit him up, give two puffs through the spacer, wait ten minutes, give two more. If he is not better, or \
                 cannot speak, call 911 and then his mother.\n\nOn days with dust or poor air please let him play indoors.\n\nThank you",
            ),
        ],
        history: "Better, still coughs at night. His mother kept the inhaler but lost the mask.",
        findings: "Slight wheeze on forced breathing out.",
        assessment: "Asthma, persistent: needs a controller.",
        plan: "Fluticasone 44 mcg, two puffs twice daily with spacer. New action plan, letter to the preschool.",
        ..QUIET
    },
    Scene {
        ago: 600,
        field: Field::Pulmonology,
        about: Some(&dx::ASTHMA),
        signs: &[
            Sign::Vital(Vital::OxygenSaturation, 98.0),
            Sign::Vital(Vital::HeartRate, 98.0),
            Sign::Vital(Vital::Weight, 19.1),
            Sign::Vital(Vital::Height, 110.2),
        ],
        events: &[
            Event::Renew(&rx::FLUTICASONE),
            Event::Letter(
                &codes::CONSULT_NOTE,
                "Letter from pulmonology",
                "Dear colleague,\n\nMateo has had no attack since the controller was started. The skin test is positive for grass and olive \
                 pollen, negative for mites, cat and dog. Spirometry is not reliable yet at his age.\n\nPlease keep fluticasone through the \
                 spring and try a lower dose after twelve months without symptoms. Influenza vaccine every autumn.\n\nWith kind regards",
            ),
        ],
        history: "Sleeps through, used the rescue inhaler twice in three months.",
        findings: "Lungs clear.",
        assessment: "Asthma, well controlled. Sensitized to grass and olive pollen.",
        plan: "Continue the controller.",
        ..QUIET
    },
    Scene {
        ago: 375,
        field: Field::Pediatrics,
        about: Some(&dx::ASTHMA),
        signs: &[
            Sign::PeakFlow(165.0),
            Sign::Vital(Vital::OxygenSaturation, 98.0),
            Sign::Vital(Vital::HeartRate, 96.0),
        ],
        events: &[
            Event::Renew(&rx::FLUTICASONE),
            Event::Renew(&rx::ALBUTEROL),
            Event::Start(&rx::CETIRIZINE_5, &dx::ASTHMA),
        ],
        history: "Sneezes and rubs his eyes in spring, coughs after soccer on windy days.",
        findings: "Peak flow 165 L/min, learned to blow well.",
        assessment: "Asthma, controlled; hay fever begins.",
        plan: "Cetirizine 5 mg in the pollen months. Two puffs of albuterol before soccer.",
        ..QUIET
    },
    Scene {
        ago: 128,
        field: Field::Pediatrics,
        about: Some(&dx::ASTHMA),
        signs: &[
            Sign::PeakFlow(150.0),
            Sign::Vital(Vital::RespiratoryRate, 27.0),
            Sign::Vital(Vital::OxygenSaturation, 95.0),
            Sign::Vital(Vital::HeartRate, 112.0),
        ],
        history: "Smoke from a wildfire for three days. Coughs at night, rescue inhaler four times yesterday.",
        findings: "Wheeze at the end of breathing out, peak flow 150 L/min, which is 77 % of his best.",
        assessment: "Asthma in the yellow zone after smoke.",
        plan: "Four puffs of fluticasone twice daily for two weeks, stay indoors while the air is bad. No steroid tablets needed.",
        ..QUIET
    },
    Scene {
        ago: 24,
        field: Field::Pediatrics,
        about: Some(&dx::ASTHMA),
        signs: &[
            Sign::PeakFlow(195.0),
            Sign::Vital(Vital::OxygenSaturation, 99.0),
            Sign::Vital(Vital::HeartRate, 92.0),
            Sign::Vital(Vital::Weight, 22.7),
            Sign::Vital(Vital::Height, 120.2),
        ],
        events: &[Event::Renew(&rx::FLUTICASONE), Event::Renew(&rx::ALBUTEROL)],
        history: "No night cough for three months. Scored twice on Saturday.",
        findings: "Lungs clear, peak flow 195 L/min, his best so far.",
        assessment: "Asthma, well controlled.",
        plan: "Fluticasone through the winter; step down in spring if all stays well.",
        ..QUIET
    },
];
