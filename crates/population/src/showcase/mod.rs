//! A handful of people for demonstrations, whose histories were written by hand: every value was chosen for the story
//! it tells. They are placed relative to `today`, so that the last visit is always a few weeks ago.

/// A basic metabolic panel: glucose, urea nitrogen, creatinine, eGFR, sodium, potassium, chloride, bicarbonate,
/// calcium.
macro_rules! metabolic {
    ($g:expr, $u:expr, $c:expr, $e:expr, $na:expr, $k:expr, $cl:expr, $b:expr, $ca:expr) => {
        Lab::Panel(
            &labs::BASIC_METABOLIC,
            &[
                (&labs::GLUCOSE, $g),
                (&labs::UREA, $u),
                (&labs::CREATININE, $c),
                (&labs::EGFR, $e),
                (&labs::SODIUM, $na),
                (&labs::POTASSIUM, $k),
                (&labs::CHLORIDE, $cl),
                (&labs::BICARBONATE, $b),
                (&labs::CALCIUM, $ca),
            ],
        )
    };
}

/// Total, LDL and HDL cholesterol, triglycerides.
macro_rules! lipids {
    ($total:expr, $ldl:expr, $hdl:expr, $fat:expr) => {
        Lab::Panel(
            &labs::LIPID_PANEL,
            &[(&labs::CHOLESTEROL, $total), (&labs::LDL, $ldl), (&labs::HDL, $hdl), (&labs::TRIGLYCERIDES, $fat)],
        )
    };
}

/// White cells, red cells, hemoglobin, hematocrit, MCV, platelets.
macro_rules! blood_count {
    ($w:expr, $r:expr, $h:expr, $ht:expr, $m:expr, $p:expr) => {
        Lab::Panel(
            &labs::BLOOD_COUNT,
            &[
                (&labs::WHITE_CELLS, $w),
                (&labs::RED_CELLS, $r),
                (&labs::HEMOGLOBIN, $h),
                (&labs::HEMATOCRIT, $ht),
                (&labs::MCV, $m),
                (&labs::PLATELETS, $p),
            ],
        )
    };
}

mod asha;
mod ingrid;
mod mateo;
mod stage;

use crate::calendar::Day;
use crate::chart::clinical::Allergy;
use crate::chart::labs::Analyte;
use crate::chart::vitals::Vital;
use crate::codes::Code;
use crate::diagnoses::Diagnosis;
use crate::directory::Field;
use crate::drugs::Drug;
use crate::person::Contact;
use crate::{Bundle, Options};

/// Identifier value, in [`crate::PATIENT_SYSTEM`], of Asha Rao: 48, hypertension and type 2 diabetes.
pub const ASHA_RAO: &str = "asha-rao";
/// Identifier value of Mateo Rivera: 6, asthma and a full vaccination record.
pub const MATEO_RIVERA: &str = "mateo-rivera";
/// Identifier value of Ingrid Lindqvist: 79, heart failure, many medicines, penicillin allergy.
pub const INGRID_LINDQVIST: &str = "ingrid-lindqvist";

/// The demonstration patients. Practitioner 0 of the directory is the family doctor of the two adults.
pub fn showcase(o: &Options) -> Vec<Bundle> {
    vec![asha::history(o), mateo::history(o), ingrid::history(o)]
}

/// Where a scene plays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    CheckUp,
    FollowUp,
    Video,
    Emergency,
    /// So many nights in hospital.
    Hospital(i64),
}

enum Sign {
    Pressure(f64, f64),
    Vital(Vital, f64),
    PeakFlow(f64),
    Phq9(i64),
    Smoking(&'static Code),
}

enum Lab {
    One(&'static Analyte, f64),
    Panel(&'static Code, &'static [(&'static Analyte, f64)]),
}

enum Event {
    /// A disease, noticed so many days before the scene.
    Diagnose(&'static Diagnosis, Day),
    /// It is over so many days after the scene.
    Resolve(&'static Diagnosis, Day),
    Start(&'static Drug, &'static Diagnosis),
    Stop(&'static Drug),
    /// Taken to the end, so many days after the scene.
    Finish(&'static Drug, Day),
    Renew(&'static Drug),
    Allergic(&'static Allergy, Day),
    Procedure(&'static Code, Option<&'static Diagnosis>),
    Vaccine(&'static Code),
    Plan(&'static str, &'static Diagnosis, &'static [&'static str]),
    Team(&'static [Field]),
    /// A letter beside the note: its kind, its title, its text.
    Letter(&'static Code, &'static str, &'static str),
}

/// One visit of a story.
struct Scene {
    /// Days before today.
    ago: Day,
    setting: Setting,
    field: Field,
    about: Option<&'static Diagnosis>,
    signs: &'static [Sign],
    labs: &'static [Lab],
    events: &'static [Event],
    history: &'static str,
    findings: &'static str,
    assessment: &'static str,
    plan: &'static str,
}

/// A follow-up visit at the family doctor of whom only the differences need saying.
const QUIET: Scene = Scene {
    ago: 0,
    setting: Setting::FollowUp,
    field: Field::Family,
    about: None,
    signs: &[],
    labs: &[],
    events: &[],
    history: "",
    findings: "",
    assessment: "",
    plan: "",
};

struct Cast {
    value: &'static str,
    given: &'static [&'static str],
    family: &'static str,
    female: bool,
    birth: Day,
    /// Index of the town.
    town: usize,
    language: (&'static str, &'static str),
    contact: Contact,
    practitioner: u32,
    married: Option<bool>,
}
