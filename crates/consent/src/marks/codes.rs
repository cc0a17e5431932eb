//! The code lists behind the sensitive areas: facts of their terminologies, by label.
//!
//! SNOMED CT (SNOMED International), LOINC (Regenstrief Institute), ICD-10 (WHO 2019) with the additions of ICD-10-CM
//! (CDC/NCHS 2024), ATC (WHO Collaborating Centre for Drug Statistics Methodology), names of ingredients (WHO INN and
//! USAN). The areas are those of the HL7 value set InformationSensitivityPolicy.

use super::Label::{self, Genetics, Hiv, MentalHealth, SexualHealth, SubstanceUse, Violence};

/// Each row: a label and its codes, with spaces between them.
pub type Lists = &'static [(Label, &'static str)];

pub const SNOMED: Lists = &[
    // Depression: major, disorder, single episode, recurrent (two), dysthymia, mild, moderate, severe, postpartum.
    (MentalHealth, "370143000 35489007 36923009 66344007 191616006 78667006 310495003 310496002 310497006 58703003"),
    // Anxiety, anxiety disorder, generalised, with depression, panic, social phobia, obsessive-compulsive, PTSD.
    (MentalHealth, "48694002 197480006 21897009 231504006 371631005 25501002 191736004 47505003"),
    // Bipolar, schizophrenia, schizoaffective, psychotic, adjustment disorder, mental disorder.
    (MentalHealth, "13746004 58214004 68890003 69322001 17226007 74732009"),
    // ADHD (two), autism, pervasive developmental disorder, anorexia, bulimia, personality disorder, borderline.
    (MentalHealth, "406506008 192127007 408856003 35919005 56882008 78004001 33449004 20010003"),
    // Suicidal thoughts, suicide attempt, self-inflicted injury, self-injurious behaviour.
    (MentalHealth, "6471006 82313006 276853009 248062006"),
    // Depression screening (plain, PHQ-2, PHQ-9), assessment of anxiety, psychotherapy, cognitive and behavioural
    // therapy, psychosocial care.
    (MentalHealth, "171207006 454711000124102 715252007 710841007 75516001 228557008 408919008"),
    // Pregnancy: normal, current, high-risk; miscarriage (two), tubal, ectopic, blighted ovum, fetal complication.
    (SexualHealth, "72892002 77386006 47200007 19169002 17369002 79586000 34801009 35999006 156073000"),
    // Pre-eclampsia, eclampsia, gestational diabetes, premature birth.
    (SexualHealth, "398254007 198992004 11687002 65588006"),
    // Antenatal care, prenatal visits (two), obstetric emergency, postnatal visit.
    (SexualHealth, "134435003 424619006 424441002 183460006 169762003"),
    // Pregnancy test, viability scan, fetal heart, fundal height, fetal anatomy, aneuploidy screening.
    (SexualHealth, "252160004 169230002 225158009 274804006 271442007 443529005"),
    // Childbirth, caesarean section, induction, instrumental delivery, episiotomy.
    (SexualHealth, "66348005 11466000 31208007 236974004 85548006"),
    // Termination: counselling, induced, care; removal of an ectopic pregnancy.
    (SexualHealth, "10383002 714812005 386394001 445912000"),
    // Contraception; intrauterine device in, out, replaced; implant in, out; tubal ligation, vasectomy.
    (SexualHealth, "13197004 65200003 68254000 46706006 169553002 301807007 287664005 22523008"),
    // Infertility (any, female, male), erectile dysfunction.
    (SexualHealth, "8619003 6738008 2904007 397803000"),
    // Sexually transmitted infection, chlamydia, gonorrhoea, syphilis, genital herpes, genital warts, trichomonas.
    (SexualHealth, "8098009 240589008 15628003 76272004 33839006 240542006 56335008"),
    // Tests for chlamydia, gonorrhoea, syphilis; genital smear.
    (SexualHealth, "310861008 165829005 269828009 90226004"),
    // HIV infection, AIDS, asymptomatic, HIV-1, HIV-2, exposure.
    (Hiv, "86406008 62479008 91947003 40780007 79019005 444356002"),
    // HIV positive, negative, antigen test, screening.
    (Hiv, "165816005 165815009 31676001 171121004"),
    // Genetic test, BRCA1 and BRCA2 mutation detected, aneuploidy screening.
    (Genetics, "405824009 412734009 412738007 443529005"),
    // Huntington's disease, cystic fibrosis, sickling disorder, sickle-cell disease, Down syndrome.
    (Genetics, "58756001 190905008 417357006 127040003 41040004"),
    // Alcoholism, alcohol abuse, dependence, intoxication, unhealthy drinking, alcoholic liver damage.
    (SubstanceUse, "7200002 15167005 66590003 25702006 10939881000119105 41309000"),
    // Opioid abuse, dependence; drug overdose, misuse, dependence, abuse.
    (SubstanceUse, "5602001 75544000 55680006 361055000 191816009 26416006"),
    // Cocaine abuse, dependence; cannabis abuse, dependence; amphetamine abuse.
    (SubstanceUse, "78267003 31956009 37344009 85005007 84758004"),
    // Rehabilitation: drug, alcohol, both. Assessments: substance use, AUDIT-C, DAST-10, drug screening.
    (SubstanceUse, "56876005 20093000 23915005 428211000124100 763302001 713107002 713106006"),
    // Victim of intimate partner abuse, of child abuse, of physical assault; history of domestic violence.
    (Violence, "706893006 397940009 90774003 412732008"),
    // Assault, sexual assault, violence in the environment, screening for domestic abuse.
    (Violence, "52684005 248110007 424393004 866148006"),
];

pub const LOINC: Lists = &[
    // PHQ-9 total, panel and items.
    (MentalHealth, "44261-6 44249-1 44250-9 44255-8 44259-0 44254-1 44251-7 44258-2 44252-5 44253-3 44260-8"),
    // PHQ-2 total and panel, PHQ for adolescents, Edinburgh postnatal depression scale, screening (two).
    (MentalHealth, "55758-7 55757-9 89204-2 71354-5 73831-0 73832-8"),
    // GAD-7 total, panel and items.
    (MentalHealth, "70274-6 69737-5 69725-0 68509-9 69733-4 69734-2 69735-9 69689-8 69736-7"),
    // Sexual orientation, gender identity.
    (SexualHealth, "76690-7 76691-5"),
    // Pregnancy status, pregnancies, births, estimated date of delivery (two), last menstruation, hCG (four).
    (SexualHealth, "82810-3 11996-6 11640-0 11778-8 11779-6 8665-2 2106-3 2118-8 21198-7 19080-1"),
    // Chlamydia (two), gonorrhoea (two), syphilis (three), human papillomavirus.
    (SexualHealth, "21613-5 43304-5 24111-7 43305-2 20507-0 5292-8 22461-8 21440-3"),
    // Viral load (three), CD4 cells (three), CD4/CD8 ratio, HIV status.
    (Hiv, "20447-9 25836-8 10351-5 24467-3 32515-9 8123-2 54218-3 55277-8"),
    // Antibody and antigen tests.
    (Hiv, "56888-1 75622-1 7917-8 29893-5 31201-7 48345-3 68961-2 30361-0 80203-3"),
    // Report panels, overall interpretation, gene studied, DNA change, amino acid change, discrete variant.
    (Genetics, "51969-4 81247-9 55232-3 53037-8 48018-6 48004-6 48005-3 81252-9"),
    // BRCA1 and BRCA2.
    (Genetics, "59041-4 21636-6"),
    // AUDIT-C total, panel and items; AUDIT total and panel; DAST-10 total and panel.
    (SubstanceUse, "75626-2 72109-2 68518-0 68519-8 68520-6 75624-7 72110-0 82667-7 82666-9"),
    // Ethanol in blood; in urine: drugs of abuse, cocaine, opiates, cannabinoids.
    (SubstanceUse, "5643-2 65750-2 3397-7 3879-4 3427-2"),
    // HARK: panel, its four questions, total. Abuse status.
    (Violence, "76499-3 76500-8 76501-6 76502-4 76503-2 76504-0 28245-9"),
];

/// A range of three-character categories, or the beginning of longer codes (without the point).
pub struct Range {
    pub from: &'static str,
    pub to: &'static str,
    pub label: Label,
}

const fn range(from: &'static str, to: &'static str, label: Label) -> Range {
    Range { from, to, label }
}

const fn below(start: &'static str, label: Label) -> Range {
    Range { from: start, to: start, label }
}

pub const ICD: &[Range] = &[
    // Mental disorders but for the organic ones (F00–F09: dementia and delirium, which every carer must know).
    range("F20", "F99", MentalHealth),
    // Intentional self-harm; suicide attempt, suicidal ideas, history of self-harm.
    range("X60", "X84", MentalHealth),
    below("T1491", MentalHealth),
    below("R45851", MentalHealth),
    below("Z915", MentalHealth),
    // Substances, without tobacco (F17), which is asked openly at every visit.
    range("F10", "F16", SubstanceUse),
    range("F18", "F19", SubstanceUse),
    range("T40", "T40", SubstanceUse),
    range("K70", "K70", SubstanceUse),
    below("G621", SubstanceUse),
    below("I426", SubstanceUse),
    below("R780", SubstanceUse),
    below("Z502", SubstanceUse),
    below("Z503", SubstanceUse),
    below("Z714", SubstanceUse),
    below("Z715", SubstanceUse),
    below("Z721", SubstanceUse),
    below("Z722", SubstanceUse),
    // HIV; inconclusive test, exposure, screening, counselling, in pregnancy.
    range("B20", "B24", Hiv),
    range("Z21", "Z21", Hiv),
    range("R75", "R75", Hiv),
    below("O987", Hiv),
    below("Z114", Hiv),
    below("Z206", Hiv),
    below("Z717", Hiv),
    // Infections with a predominantly sexual mode of transmission; their screening, contact, behaviour, counselling.
    range("A50", "A64", SexualHealth),
    below("Z113", SexualHealth),
    below("Z202", SexualHealth),
    range("Z70", "Z70", SexualHealth),
    below("Z725", SexualHealth),
    // Pregnancy, childbirth, reproduction, infertility, sexual dysfunction, gender identity.
    range("O00", "O9A", SexualHealth),
    range("Z30", "Z39", SexualHealth),
    range("Z3A", "Z3A", SexualHealth),
    range("N46", "N46", SexualHealth),
    range("N97", "N97", SexualHealth),
    range("N52", "N52", SexualHealth),
    range("F52", "F52", SexualHealth),
    range("F64", "F66", SexualHealth),
    // Chromosomes; genetic screening, carriers, susceptibility, counselling; sickle-cell and Huntington's disease.
    range("Q90", "Q99", Genetics),
    range("Z14", "Z15", Genetics),
    below("Z137", Genetics),
    below("Z315", Genetics),
    range("D57", "D57", Genetics),
    range("G10", "G10", Genetics),
    // Maltreatment confirmed and suspected, assault, its perpetrators, examination after it, history, in pregnancy.
    range("T74", "T74", Violence),
    range("T76", "T76", Violence),
    range("X85", "X99", Violence),
    range("Y00", "Y09", Violence),
    range("Z69", "Z69", Violence),
    below("Z044", Violence),
    below("Z045", Violence),
    below("Z614", Violence),
    below("Z615", Violence),
    below("Z616", Violence),
    below("Z6281", Violence),
    below("Z9141", Violence),
    below("Z9142", Violence),
    below("O9A3", Violence),
    below("O9A4", Violence),
    below("O9A5", Violence),
];

/// Classes: antipsychotics, antidepressants, psychostimulants, azaspirodecanediones; contraceptives; antivirals for HIV;
/// drugs used in alcohol and opioid dependence.
pub const ATC: Lists = &[
    (MentalHealth, "N05A N06A N06BA N05BE"),
    (SexualHealth, "G03A G02BA G02BB"),
    (Hiv, "J05AE J05AF J05AG J05AJ J05AR"),
    (SubstanceUse, "N07BB N07BC"),
];

/// Ingredients of those classes. Left out because they serve much else: benzodiazepines, misoprostol, sildenafil, and
/// ritonavir (also in a COVID-19 medicine; for HIV it comes with another of these). RxNorm names
/// some packs of contraceptives by brand alone.
pub const MEDICINES: Lists = &[
    (MentalHealth, "amisulpride aripiprazole brexpiprazole cariprazine chlorpromazine clozapine fluphenazine"),
    (MentalHealth, "haloperidol lithium lurasidone olanzapine paliperidone perphenazine quetiapine risperidone"),
    (MentalHealth, "ziprasidone amitriptyline bupropion citalopram clomipramine desvenlafaxine duloxetine"),
    (MentalHealth, "escitalopram fluoxetine fluvoxamine imipramine mirtazapine nortriptyline paroxetine phenelzine"),
    (MentalHealth, "sertraline tranylcypromine trazodone venlafaxine vilazodone vortioxetine amphetamine"),
    (MentalHealth, "atomoxetine dextroamphetamine lisdexamfetamine methylphenidate buspirone"),
    (SexualHealth, "clomifene clomiphene desogestrel dienogest drospirenone etonogestrel levonorgestrel"),
    (SexualHealth, "medroxyprogesterone mestranol mifepristone norelgestromin norethindrone norethisterone"),
    (SexualHealth, "norgestimate norgestrel ulipristal camila enovid errin jolivette kyleena levora liletta mirena"),
    (SexualHealth, "natazia nexplanon nuvaring seasonique trinessa yaz"),
    (Hiv, "abacavir atazanavir bictegravir cabotegravir cobicistat darunavir dolutegravir doravirine"),
    (Hiv, "efavirenz elvitegravir emtricitabine enfuvirtide etravirine fostemsavir ibalizumab lamivudine"),
    (Hiv, "lenacapavir lopinavir maraviroc nevirapine raltegravir rilpivirine tenofovir zidovudine"),
    (SubstanceUse, "acamprosate buprenorphine disulfiram levomethadone lofexidine methadone naloxone naltrexone"),
];
