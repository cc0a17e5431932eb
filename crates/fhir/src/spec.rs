//! What R4 says of elements and codes, from the committed tables, compiled once at first use.
//!
//! `cargo xtask gen` writes the tables from the official definitions. They are part of the program, so a line that
//! does not fit is a fault of the build that a test finds; reading skips it instead of failing.

use crate::Kind;
use std::collections::HashMap;
use std::sync::LazyLock;

static SPEC: LazyLock<Spec> =
    LazyLock::new(|| compile(include_str!("../spec/elements.txt"), include_str!("../spec/codes.txt")));

pub(crate) fn spec() -> &'static Spec {
    &SPEC
}

pub(crate) struct Spec {
    types: Vec<Type>,
    by_name: HashMap<&'static str, TypeId>,
    by_kind: Vec<Option<TypeId>>,
    codes: Vec<Codes>,
}

/// The place of a type in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TypeId(u16);

pub(crate) struct Type {
    pub name: &'static str,
    pub elements: Vec<Element>,
    /// The JSON members an object of this type can have, in the order of the definition; `value[x]` gives one per type.
    pub fields: Vec<Field>,
    /// A bit for each element that must be there.
    pub required: u128,
}

pub(crate) struct Element {
    /// Without the `[x]` of a choice.
    pub name: &'static str,
    pub choice: bool,
}

pub(crate) struct Field {
    pub name: &'static str,
    /// The place of its element in the type.
    pub element: u8,
    pub many: bool,
    pub ty: Ty,
    /// What a Reference may point to; empty means anything.
    pub targets: Vec<Kind>,
    codes: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Primitive(Primitive),
    Object(TypeId),
    /// Any resource, by its own resourceType.
    Resource,
}

/// A list of codes that is binding.
pub(crate) struct Codes {
    pub name: &'static str,
    /// Each sorted.
    pub systems: Vec<(&'static str, Vec<&'static str>)>,
}

macro_rules! primitives {
    ($($variant:ident $name:literal),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Primitive { $($variant),* }

        impl Primitive {
            fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

primitives! {
    Base64Binary "base64Binary", Boolean "boolean", Canonical "canonical", Code "code", Date "date", DateTime "dateTime",
    Decimal "decimal", Id "id", Instant "instant", Integer "integer", Markdown "markdown", Oid "oid",
    PositiveInt "positiveInt", String "string", Time "time", UnsignedInt "unsignedInt", Uri "uri", Url "url", Uuid "uuid",
    Xhtml "xhtml",
}

impl Spec {
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id.0)]
    }

    /// The type of that name, such as `Patient`, `HumanName` or `Patient.contact`.
    pub fn named(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    pub fn of_kind(&self, kind: Kind) -> Option<TypeId> {
        self.by_kind.get(kind as usize).copied().flatten()
    }

    pub fn codes(&self, field: &Field) -> Option<&Codes> {
        field.codes.map(|at| &self.codes[usize::from(at)])
    }
}

impl Type {
    /// The field of that JSON name. `hint` is where the last one was: documents mostly follow the definition's order.
    pub fn field(&self, name: &str, hint: &mut usize) -> Option<&Field> {
        let (before, after) = self.fields.split_at((*hint).min(self.fields.len()));
        let at = match after.iter().position(|field| field.name == name) {
            Some(at) => before.len() + at,
            None => before.iter().position(|field| field.name == name)?,
        };
        *hint = at + 1;
        self.fields.get(at)
    }

    /// The fields of an element: one, or one per type of a choice.
    pub fn fields_of<'t>(&'t self, element: &'t str) -> impl Iterator<Item = &'t Field> {
        self.fields.iter().filter(move |field| self.elements[usize::from(field.element)].name == element)
    }
}

impl Codes {
    pub fn has(&self, system: Option<&str>, code: &str) -> bool {
        let of_system = |(name, codes): &(&str, Vec<&str>)| {
            system.is_none_or(|system| system == *name) && codes.binary_search(&code).is_ok()
        };
        self.systems.iter().any(of_system)
    }
}

/// One line of the element table, before names are resolved.
struct Row {
    name: &'static str,
    required: bool,
    many: bool,
    types: &'static str,
    codes: Option<u16>,
}

fn compile(elements: &'static str, codes: &'static str) -> Spec {
    let (codes, code_names) = compile_codes(codes);
    let mut blocks: Vec<(&str, &str, Vec<Row>)> = Vec::new();
    for line in elements.lines() {
        let mut columns = line.split('\t');
        let first = columns.next().unwrap_or_default();
        if let Some(name) = first.strip_prefix(':') {
            blocks.push((name, columns.next().unwrap_or_default(), Vec::new()));
        } else if let (Some((_, _, rows)), Some(min), Some(max), Some(types)) =
            (blocks.last_mut(), columns.next(), columns.next(), columns.next())
        {
            let codes = columns.next().and_then(|name| code_names.get(name).copied());
            rows.push(Row { name: first, required: min != "0", many: max != "1", types, codes });
        }
    }
    let by_name: HashMap<&str, TypeId> = blocks.iter().zip(0..).map(|((name, _, _), at)| (*name, TypeId(at))).collect();
    let open = blocks
        .iter()
        .find(|block| block.0 == "Extension")
        .and_then(|block| block.2.iter().find(|r| r.name == "value[x]"));
    let names = Names { by_name: &by_name, open: open.map_or("", |row| row.types) };
    let types = blocks.iter().map(|block| {
        let mut ty = Type { name: block.0, elements: Vec::new(), fields: Vec::new(), required: 0 };
        names.add(block, &blocks, &mut ty);
        ty
    });
    let types = types.collect();
    let by_kind = Kind::all().iter().map(|kind| by_name.get(kind.name()).copied()).collect();
    Spec { types, by_name, by_kind, codes }
}

fn compile_codes(text: &'static str) -> (Vec<Codes>, HashMap<&'static str, u16>) {
    let mut all: Vec<Codes> = Vec::new();
    let mut names = HashMap::new();
    for line in text.lines() {
        let mut columns = line.split('\t');
        let (Some(name), Some(system)) = (columns.next(), columns.next()) else { continue };
        let mut codes: Vec<&str> = columns.collect();
        codes.sort_unstable();
        match all.last_mut().filter(|last| last.name == name) {
            Some(last) => last.systems.push((system, codes)),
            None => {
                names.insert(name, u16::try_from(all.len()).unwrap_or_default());
                all.push(Codes { name, systems: vec![(system, codes)] });
            }
        }
    }
    (all, names)
}

struct Names<'a> {
    by_name: &'a HashMap<&'static str, TypeId>,
    /// The types of `Extension.value[x]`, written `*` elsewhere.
    open: &'static str,
}

impl Names<'_> {
    /// Adds the elements of a block to a type, those of its bases first.
    fn add(&self, block: &(&str, &str, Vec<Row>), blocks: &[(&str, &str, Vec<Row>)], ty: &mut Type) {
        if let Some(base) = self.by_name.get(block.1) {
            self.add(&blocks[usize::from(base.0)], blocks, ty);
        }
        for row in &block.2 {
            let element = u8::try_from(ty.elements.len()).unwrap_or(u8::MAX);
            let stem = row.name.strip_suffix("[x]");
            ty.required |= u128::from(row.required) << element;
            ty.elements.push(Element { name: stem.unwrap_or(row.name), choice: stem.is_some() });
            let types = if row.types == "*" { self.open } else { row.types };
            for written in types.split(',') {
                let (name, targets) =
                    written.strip_suffix(')').and_then(|w| w.split_once('(')).unwrap_or((written, ""));
                let Some(resolved) = self.resolve(name) else { continue };
                ty.fields.push(Field {
                    name: stem.map_or(row.name, |stem| choice_name(stem, name)),
                    element,
                    many: row.many,
                    ty: resolved,
                    targets: targets.split('|').filter_map(Kind::parse).collect(),
                    codes: row.codes.filter(|_| matches!(name, "code" | "Coding" | "CodeableConcept")),
                });
            }
        }
    }

    fn resolve(&self, name: &str) -> Option<Ty> {
        match name {
            "Resource" => Some(Ty::Resource),
            _ => Primitive::parse(name).map(Ty::Primitive).or_else(|| self.by_name.get(name).map(|id| Ty::Object(*id))),
        }
    }
}

/// `value` and `dateTime` make `valueDateTime`. The tables live as long as the program, so do their names.
fn choice_name(stem: &str, ty: &str) -> &'static str {
    let (first, rest) = ty.split_at(1);
    format!("{stem}{}{rest}", first.to_ascii_uppercase()).leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_understood() {
        let names: Vec<&str> = include_str!("../spec/codes.txt").lines().filter_map(|l| l.split('\t').next()).collect();
        for line in include_str!("../spec/elements.txt").lines().filter(|line| !line.starts_with(':')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert!((4..=5).contains(&columns.len()), "{line}");
            for written in columns[3].split(',').filter(|w| *w != "*") {
                let name = written.split('(').next().unwrap();
                assert!(
                    name == "Resource" || Primitive::parse(name).is_some() || spec().named(name).is_some(),
                    "{line}"
                );
                for target in written.strip_suffix(')').map_or("", |w| &w[name.len() + 1..]).split('|') {
                    assert!(target.is_empty() || Kind::parse(target).is_some(), "{line}");
                }
            }
            assert!(columns.get(4).is_none_or(|name| names.contains(name)), "{line}");
        }
    }

    #[test]
    fn every_resource_type_has_its_elements() {
        for &kind in Kind::all() {
            let ty = spec().ty(spec().of_kind(kind).unwrap());
            assert_eq!(ty.name, kind.name());
            assert!(ty.fields_of("meta").count() == 1 && ty.elements.len() <= 128, "{kind}");
        }
        assert!(spec().types.iter().all(|ty| ty.elements.len() <= 128), "a bit per element must fit");
    }

    #[test]
    fn a_choice_has_a_field_per_type() {
        let observation = spec().ty(spec().of_kind(Kind::Observation).unwrap());
        let names: Vec<&str> = observation.fields_of("effective").map(|field| field.name).collect();
        assert_eq!(names, ["effectiveDateTime", "effectivePeriod", "effectiveTiming", "effectiveInstant"]);
        assert_eq!(spec().ty(spec().named("Extension").unwrap()).fields_of("value").count(), 50);
    }

    #[test]
    fn required_codes_are_known_with_their_system() {
        let condition = spec().ty(spec().of_kind(Kind::Condition).unwrap());
        let field = condition.fields_of("clinicalStatus").next().unwrap();
        let codes = spec().codes(field).unwrap();
        let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
        assert!(codes.has(Some(system), "active") && codes.has(None, "remission"));
        assert!(!codes.has(Some("http://example.org"), "active") && !codes.has(Some(system), "Active"));
    }
}
