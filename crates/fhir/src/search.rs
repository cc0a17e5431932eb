//! What can be searched: R4's search parameters, and the terms a resource is found by.

mod clinical;
mod expression;
mod extract;
mod program;
pub mod query;

pub use clinical::{patient_refs, primary_date};
pub use extract::{Term, Value, extract};

use crate::Kind;
use program::Program;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    Token,
    Reference,
    Date,
    Quantity,
    String,
    Uri,
    Number,
    /// Several parameters that must hold of the same place; nothing is extracted for it.
    Composite,
    /// Computed by the server, such as `near`; nothing is extracted for it.
    Special,
}

impl ParamKind {
    /// The name of R4's search-param-type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::Quantity => "quantity",
            Self::String => "string",
            Self::Uri => "uri",
            Self::Number => "number",
            Self::Composite => "composite",
            Self::Special => "special",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        use ParamKind::{Composite, Date, Number, Quantity, Reference, Special, String, Token, Uri};
        [Token, Reference, Date, Quantity, String, Uri, Number, Composite, Special]
            .into_iter()
            .find(|k| k.as_str() == text)
    }
}

#[derive(Debug)]
pub struct Param {
    /// `kind.code() * 256 + position in the committed table`. It is stored on disk and never renumbered.
    pub code: i64,
    pub name: &'static str,
    pub kind: ParamKind,
    /// R4's FHIRPath, for the capability statement and for compiling.
    pub expression: &'static str,
    /// What a reference parameter may point to; empty means anything.
    pub targets: Vec<Kind>,
    /// The parameters a composite is made of.
    pub components: Vec<&'static str>,
}

/// The search parameters of a type, in the order of their codes: the six of every resource first.
pub fn params(kind: Kind) -> &'static [Param] {
    &of(kind).params
}

pub fn param(kind: Kind, name: &str) -> Option<&'static Param> {
    params(kind).iter().find(|param| param.name == name)
}

/// The parameter of a stored code.
pub fn param_of_code(code: i64) -> Option<&'static Param> {
    let kind = Kind::from_code(code / 256)?;
    params(kind).get(usize::try_from(code % 256).ok()?)
}

/// What is compiled for one type, at its first use.
pub(crate) struct Compiled {
    pub params: Vec<Param>,
    pub program: Program,
    /// Leads to the references that put a resource in a patient's compartment.
    pub compartment: Program,
}

pub(crate) fn of(kind: Kind) -> &'static Compiled {
    static ALL: [OnceLock<Compiled>; Kind::COUNT] = [const { OnceLock::new() }; Kind::COUNT];
    ALL[kind as usize].get_or_init(|| compile(kind))
}

/// The lines of each type's block in the committed table.
static BLOCKS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let blocks = include_str!("../spec/search.txt").split(':').filter_map(|block| block.split_once('\n'));
    // A colon in an expression would cut a block short; the test below counts every line.
    blocks.collect()
});

static COMPARTMENT: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../spec/compartment.txt").lines().filter_map(|line| line.split_once('\t')).collect()
});

fn compile(kind: Kind) -> Compiled {
    let block = BLOCKS.get(kind.name()).copied().unwrap_or_default();
    let mut params: Vec<Param> =
        block.lines().zip(kind.code() * 256..).filter_map(|(line, code)| read(line, code)).collect();
    let mut program = Program::default();
    // The store keeps the id and the time itself.
    for param in params.iter_mut().filter(|param| !["_id", "_lastUpdated"].contains(&param.name)) {
        // R4 shares one list of targets among all types of a parameter; the element says which are meant here.
        let possible = program.add(kind, param, param.code);
        if param.targets.iter().any(|target| possible.contains(target)) {
            param.targets.retain(|target| possible.contains(target));
        }
    }
    let mut compartment = Program::default();
    let names = COMPARTMENT.get(kind.name()).copied().unwrap_or_default().split(' ');
    for (place, name) in (0..).zip(names) {
        if let Some(param) = params.iter().find(|param| param.name == name) {
            compartment.add(kind, param, place);
        }
    }
    Compiled { params, program, compartment }
}

fn read(line: &'static str, code: i64) -> Option<Param> {
    let mut columns = line.split('\t');
    let (name, kind, expression) = (columns.next()?, ParamKind::parse(columns.next()?)?, columns.next()?);
    let last = columns.next().unwrap_or_default().split(' ');
    let (mut targets, mut components) = (Vec::new(), Vec::new());
    if kind == ParamKind::Composite {
        components = last.collect();
    } else {
        targets = last.filter_map(Kind::parse).collect();
    }
    // `where(resolve() is Patient)` is narrower than the targets R4 shares among all types of the parameter.
    let narrowed =
        expression.rsplit_once("resolve() is ").and_then(|(_, rest)| Kind::parse(rest.trim_end_matches(')')));
    if let Some(target) = narrowed {
        targets = vec![target];
    }
    Some(Param { code, name, kind, expression, targets, components })
}

#[cfg(test)]
mod tests;
