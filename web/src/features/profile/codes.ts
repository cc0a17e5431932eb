// Words that are offered while one types, with their codes; docs/profile-codes.md says where each code is from. What is not here is
// kept as the words that were typed: a wrong code would be worse than none.

export interface Coded {
  code: string;
  text: string;
}

export const SYSTEMS = {
  AllergyIntolerance: "http://snomed.info/sct",
  Condition: "http://hl7.org/fhir/sid/icd-10",
  MedicationStatement: "http://www.whocc.no/atc",
} as const;

const list = (text: string): Coded[] =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const at = line.indexOf(" ");
      return { code: line.slice(0, at), text: line.slice(at + 1) };
    });

export const CODES: Record<keyof typeof SYSTEMS, Coded[]> = {
  AllergyIntolerance: list(`
91936005 Allergy to penicillin
91939003 Allergy to sulfonamide
293586001 Allergy to aspirin
300916003 Allergy to latex
91935009 Allergy to peanut
91934008 Allergy to nut
91930004 Allergy to egg
425525006 Allergy to dairy product
417532002 Allergy to fish
300913006 Allergy to shellfish
420174000 Allergy to wheat
714035009 Allergy to soya
418689008 Allergy to grass pollen
419263009 Allergy to tree pollen
419474003 Allergy to mould
232350006 Allergy to house dust mite
232347008 Allergy to animal dander
424213003 Allergy to bee venom
`),
  Condition: list(`
I10 High blood pressure
E11 Type 2 diabetes
E10 Type 1 diabetes
J45 Asthma
J44 Chronic obstructive lung disease (COPD)
J30 Hay fever or other allergic rhinitis
I48 Atrial fibrillation
I50 Heart failure
I25 Chronic ischaemic heart disease
E78 High cholesterol or other blood fats
E03 Underactive thyroid
E05 Overactive thyroid
N18 Chronic kidney disease
G43 Migraine
G40 Epilepsy
G20 Parkinson disease
G35 Multiple sclerosis
M81 Osteoporosis
M10 Gout
M06 Rheumatoid arthritis
K21 Acid reflux
K50 Crohn disease
K51 Ulcerative colitis
K90.0 Coeliac disease
L20 Atopic eczema
L40 Psoriasis
H40 Glaucoma
D50 Iron deficiency anaemia
G47.3 Sleep apnoea
F32 Depression
F41 Anxiety disorder
`),
  MedicationStatement: list(`
A10BA02 Metformin
A10AE04 Insulin glargine
C09AA03 Lisinopril
C09AA05 Ramipril
C09CA01 Losartan
C08CA01 Amlodipine
C07AB02 Metoprolol
C07AB07 Bisoprolol
C03AA03 Hydrochlorothiazide
C03CA01 Furosemide
C10AA01 Simvastatin
C10AA05 Atorvastatin
B01AC06 Acetylsalicylic acid (low dose)
B01AC04 Clopidogrel
B01AA03 Warfarin
B01AF02 Apixaban
H03AA01 Levothyroxine
A02BC01 Omeprazole
A02BC02 Pantoprazole
N02BE01 Paracetamol
M01AE01 Ibuprofen
R03AC02 Salbutamol (inhaler)
R03BA02 Budesonide (inhaler)
R06AE07 Cetirizine
R06AX13 Loratadine
H02AB06 Prednisolone
N06AB06 Sertraline
N06AB04 Citalopram
N06AB10 Escitalopram
A11CC05 Colecalciferol (vitamin D)
B03BB01 Folic acid
`),
};

const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Those in which each typed word begins a word. */
export function offered(all: readonly Coded[], typed: string, most = 6): Coded[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const begins = (text: string) => {
    const parts = fold(text).split(/[^\p{L}\p{N}.]+/u);
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
  return all.filter(({ code, text }) => begins(text) || fold(code) === fold(typed.trim())).slice(0, most);
}

/** The code whose words these are, letter for letter; otherwise only the words are kept. */
export const codeOf = (all: readonly Coded[], text: string): Coded | undefined =>
  all.find((each) => fold(each.text) === fold(text.trim()));
