//! From a resource to its terms, in one walk.

use super::of;
use super::program::{Program, Take, Tree};
use crate::date::{Span, span};
use crate::reference::may_point_to;
use crate::{Kind, Node};
use std::borrow::Cow;

/// One thing a resource is found by.
#[derive(Clone, Debug, PartialEq)]
pub struct Term<'n> {
    /// [`super::Param::code`].
    pub param: i64,
    pub value: Value<'n>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value<'n> {
    /// A plain code, id, boolean or contact point has no system, for R4 implies it.
    Token {
        system: Option<Cow<'n, str>>,
        code: Cow<'n, str>,
    },
    /// The reference as it is written: `Patient/1`, `urn:uuid:…`, an absolute or canonical URL.
    Reference(Cow<'n, str>),
    /// From `lo` up to, but without, `hi`, in milliseconds since 1970 UTC. `2020` is the whole year; a period without a
    /// start or end reaches to `i64::MIN` or `i64::MAX`; of a timing the outer limits count.
    Date {
        lo: i64,
        hi: i64,
    },
    /// The unit is the coded one where there is one, else the printed one. A range gives its two ends.
    Quantity {
        system: Option<Cow<'n, str>>,
        unit: Option<Cow<'n, str>>,
        value: f64,
    },
    Number(f64),
    /// One part of a name or address, or a string, as written.
    Text(Cow<'n, str>),
    Uri(Cow<'n, str>),
}

/// Money has currencies for units: <https://hl7.org/fhir/R4/datatypes.html#Money>.
const CURRENCIES: &str = "urn:iso:std:iso:4217";

/// Appends the terms a resource is found by, for all its parameters but `_id` and `_lastUpdated`.
pub fn extract<'n>(kind: Kind, resource: &'n Node<'_>, terms: &mut Vec<Term<'n>>) {
    run(&of(kind).program, resource, terms);
}

pub(super) fn run<'n>(program: &Program, resource: &'n Node<'_>, terms: &mut Vec<Term<'n>>) {
    walk_one(&program.root, resource, terms);
    for (param, names) in &program.truths {
        let there = names.iter().any(|name| resource.get(name).is_some_and(|value| *value != Node::Bool(false)));
        terms.push(Term { param: *param, value: token(None, if there { "true" } else { "false" }) });
    }
}

fn walk<'n>(tree: &Tree, node: &'n Node<'_>, terms: &mut Vec<Term<'n>>) {
    match node {
        Node::Array(items) => items.iter().for_each(|item| walk_one(tree, item, terms)),
        _ => walk_one(tree, node, terms),
    }
}

fn walk_one<'n>(tree: &Tree, node: &'n Node<'_>, terms: &mut Vec<Term<'n>>) {
    for leaf in &tree.leaves {
        let param = leaf.param;
        take(leaf.take, node, &mut |value| terms.push(Term { param, value }));
    }
    if !tree.children.is_empty() {
        for (name, value) in node.members() {
            if let Some(child) = tree.child(name) {
                walk(child, value, terms);
            }
        }
    }
    for (name, literal, guarded) in &tree.guards {
        if node.str_of(name) == Some(literal) {
            walk_one(guarded, node, terms);
        }
    }
}

fn token<'n>(system: Option<&'n str>, code: &'n str) -> Value<'n> {
    Value::Token { system: system.map(Cow::Borrowed), code: Cow::Borrowed(code) }
}

fn take<'n>(how: Take, node: &'n Node<'_>, give: &mut dyn FnMut(Value<'n>)) {
    match how {
        Take::Coding => coding(node, give),
        Take::CodeableConcept => node.array_of("coding").iter().for_each(|item| coding(item, give)),
        Take::Identifier => {
            if let Some(value) = node.str_of("value") {
                give(token(node.str_of("system"), value));
            }
        }
        Take::ContactPoint => {
            if let Some(value) = node.str_of("value") {
                give(token(None, value));
            }
        }
        Take::Token => match node {
            Node::Bool(value) => give(token(None, if *value { "true" } else { "false" })),
            _ => text(node, |text| give(token(None, text))),
        },
        Take::Reference(target) => {
            let kept = |text: &&str| target.is_none_or(|target| may_point_to(text, node.str_of("type"), target));
            if let Some(text) = node.str_of("reference").filter(kept) {
                give(Value::Reference(text.into()));
            }
        }
        Take::Link => text(node, |text| give(Value::Reference(text.into()))),
        Take::Date | Take::Period | Take::Timing => {
            if let Some((lo, hi)) = dates(how, node) {
                give(Value::Date { lo, hi });
            }
        }
        Take::Text => text(node, |text| give(Value::Text(text.into()))),
        Take::HumanName => parts(node, &["text", "family", "given", "prefix", "suffix"], give),
        Take::Address => {
            parts(node, &["text", "line", "city", "district", "state", "postalCode", "country"], give);
        }
        Take::Quantity => quantity(node, give),
        Take::Money => {
            if let Some(value) = node.get("value").and_then(Node::as_f64) {
                let unit = node.str_of("currency").map(Cow::Borrowed);
                give(Value::Quantity { system: unit.is_some().then_some(CURRENCIES.into()), unit, value });
            }
        }
        Take::Range => ["low", "high"].iter().filter_map(|end| node.get(end)).for_each(|end| quantity(end, give)),
        Take::Uri => text(node, |text| give(Value::Uri(text.into()))),
        Take::Number => node.as_f64().into_iter().for_each(|value| give(Value::Number(value))),
    }
}

fn text<'n>(node: &'n Node<'_>, give: impl FnMut(&'n str)) {
    node.as_str().into_iter().for_each(give);
}

fn coding<'n>(node: &'n Node<'_>, give: &mut dyn FnMut(Value<'n>)) {
    if let Some(code) = node.str_of("code") {
        give(token(node.str_of("system"), code));
    }
}

fn quantity<'n>(node: &'n Node<'_>, give: &mut dyn FnMut(Value<'n>)) {
    if let Some(value) = node.get("value").and_then(Node::as_f64) {
        let coded = node.str_of("code");
        let system = coded.and(node.str_of("system")).map(Cow::Borrowed);
        give(Value::Quantity { system, unit: coded.or_else(|| node.str_of("unit")).map(Cow::Borrowed), value });
    }
}

fn parts<'n>(node: &'n Node<'_>, names: &[&str], give: &mut dyn FnMut(Value<'n>)) {
    for (name, value) in node.members() {
        if names.contains(&name.as_ref()) {
            text(value, |text| give(Value::Text(text.into())));
            value.as_array().iter().for_each(|item| text(item, |text| give(Value::Text(text.into()))));
        }
    }
}

/// The span of a date, period or timing.
pub(super) fn dates(how: Take, node: &Node<'_>) -> Option<Span> {
    match how {
        Take::Period => {
            let (start, end) = (node.str_of("start").and_then(span), node.str_of("end").and_then(span));
            let known = start.is_some() || end.is_some();
            known.then(|| (start.map_or(i64::MIN, |s| s.0), end.map_or(i64::MAX, |e| e.1)))
        }
        Take::Timing => {
            let bounds = node.get("repeat").and_then(|repeat| repeat.get("boundsPeriod"));
            let events = node.array_of("event").iter().filter_map(|event| span(event.as_str()?));
            let all = events.chain(bounds.and_then(|period| dates(Take::Period, period)));
            all.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        }
        _ => node.as_str().and_then(span),
    }
}
