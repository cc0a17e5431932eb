//! One member of an object: how many values it has, of what type, and its other half.

use super::{Checker, Form, Path, Place, primitive};
use crate::Node;
use crate::spec::{Codes, Field, Primitive, Ty, Type, spec};
use std::borrow::Cow;

type Members<'n> = [(Cow<'n, str>, Node<'n>)];

fn member<'m, 'n>(members: &'m Members<'n>, name: &str) -> Option<&'m Node<'n>> {
    members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

impl<'n> Checker<'n> {
    pub(super) fn unknown(&mut self, ty: &Type, name: &str, path: &Path<'_>) {
        let choice =
            ty.elements.iter().find(|e| e.choice && name.strip_prefix('_').unwrap_or(name).starts_with(e.name));
        let text = match choice {
            Some(choice) => {
                let names: Vec<&str> = ty.fields_of(choice.name).map(|field| field.name).take(12).collect();
                format!("R4 does not have this in {}; of {}[x] there are {}, …", ty.name, choice.name, names.join(", "))
            }
            None => format!("R4 does not have this element in {}.", ty.name),
        };
        self.report("structure", &path.child(name), text);
    }

    /// A second member of a choice is wrong unless it is the other half of the first.
    pub(super) fn chosen_twice(
        &mut self,
        ty: &Type,
        field: &Field,
        name: &str,
        members: &Members<'n>,
        path: &Path<'_>,
    ) {
        let mut others = ty.fields.iter().filter(|other| other.element == field.element && other.name != name);
        let there = |other: &Field| members.iter().any(|(key, _)| key.strip_prefix('_').unwrap_or(key) == other.name);
        if let Some(other) = others.find(|other| there(other)) {
            self.report("structure", &path.child(name), format!("Only one of this and {} may be there.", other.name));
        }
    }

    pub(super) fn missing(&mut self, ty: &Type, missing: u128, path: &Path<'_>) {
        for (at, element) in ty.elements.iter().enumerate().filter(|(at, _)| missing >> at & 1 == 1) {
            let name = if element.choice { format!("{}[x]", element.name) } else { element.name.to_owned() };
            let of = ty.fields.iter().find(|field| usize::from(field.element) == at && field.many);
            let text = if of.is_some() { "At least one is required." } else { "This element is required." };
            self.report("required", &path.child(&name), text);
        }
    }

    /// Rule ext-1 of R4: an extension has a value or extensions, not both.
    pub(super) fn extension(&mut self, members: &Members<'n>, path: &Path<'_>) {
        let value = members.iter().any(|(name, _)| name.starts_with("value") || name.starts_with("_value"));
        if value == members.iter().any(|(name, _)| name == "extension") {
            self.report("invariant", path, "An extension has either a value or extensions.");
        }
    }

    pub(super) fn member(&mut self, field: &Field, value: &'n Node<'n>, members: &'n Members<'n>, path: &Path<'_>) {
        let items = match (field.many, value) {
            (false, Node::Array(_)) => return self.report("structure", path, "One value was expected, not an array."),
            (false, _) => return self.value(field, value, path),
            (true, Node::Array(items)) => items,
            (true, _) => return self.report("structure", path, "An array was expected: this element can repeat."),
        };
        if items.is_empty() {
            self.report("structure", path, "An empty array is left out.");
        }
        for (index, item) in items.iter().enumerate() {
            let path = path.at(index);
            match (item, field.ty) {
                (Node::Null, Ty::Primitive(_)) => {
                    let other =
                        member(members, &format!("_{}", field.name)).and_then(|other| other.as_array().get(index));
                    if matches!(other, None | Some(Node::Null)) {
                        let text = format!("A null is only right where _{} has something instead.", field.name);
                        self.report("structure", &path, text);
                    }
                }
                _ => self.value(field, item, &path),
            }
        }
    }

    /// The member with an underscore: id and extensions of a primitive, or of each of several.
    pub(super) fn sibling(&mut self, field: &Field, value: &'n Node<'n>, members: &'n Members<'n>, path: &Path<'_>) {
        let Ty::Primitive(_) = field.ty else {
            return self.report("structure", path, "Only a primitive element has this other half.");
        };
        let plain = member(members, field.name);
        match (field.many, value) {
            (false, _) => self.half(value, plain.is_some(), path),
            (true, Node::Array(items)) => {
                let plain = plain.map(Node::as_array);
                if items.is_empty() || plain.is_some_and(|plain| plain.len() != items.len()) {
                    let text = format!("This has one item, or null, for each of {}.", field.name);
                    return self.report("structure", path, text);
                }
                for (index, item) in items.iter().enumerate() {
                    let has_plain = plain.is_some_and(|plain| !matches!(plain[index], Node::Null));
                    if !(has_plain && *item == Node::Null) {
                        self.half(item, has_plain, &path.at(index));
                    }
                }
            }
            (true, _) => self.report("structure", path, "An array was expected: this element can repeat."),
        }
    }

    fn half(&mut self, value: &'n Node<'n>, has_plain: bool, path: &Path<'_>) {
        let only_id =
            matches!(value, Node::Object(members) if matches!(&members[..], [(name, Node::String(_))] if name == "id"));
        if has_plain && only_id {
            return;
        }
        if let Some(element) = spec().named("Element") {
            self.object(element, value, path, Form::Element);
        }
    }

    fn value(&mut self, field: &Field, value: &'n Node<'n>, path: &Path<'_>) {
        let codes = spec().codes(field);
        match field.ty {
            Ty::Primitive(primitive) => {
                if let Err(expected) = primitive::check(primitive, value) {
                    let wrong_type =
                        !matches!(value, Node::String(_) | Node::Number(_)) || expected.starts_with("A JSON");
                    self.report(if wrong_type { "structure" } else { "value" }, path, expected);
                } else if let (Primitive::Code, Some(codes), Some(code)) = (primitive, codes, value.as_str())
                    && !codes.has(None, code)
                {
                    self.not_in(codes, path);
                }
            }
            Ty::Object(id) => {
                self.object(id, value, path, Form::Element);
                match spec().ty(id).name {
                    "Reference" => self.reference(value, &field.targets, path),
                    "Coding" => {
                        let missed = codes.filter(|codes| !coded(codes, value));
                        missed.into_iter().for_each(|codes| self.not_in(codes, path));
                    }
                    "CodeableConcept" => self.concept(codes, value, path),
                    _ => {}
                }
            }
            Ty::Resource => {
                let place = if field.name == "contained" { Place::Contained } else { Place::Whole };
                self.resource(value, Some(path), place);
            }
        }
    }

    /// A required binding of a concept wants one of its codings from the list.
    fn concept(&mut self, codes: Option<&Codes>, value: &'n Node<'n>, path: &Path<'_>) {
        if let Some(codes) = codes
            && value.get("extension").is_none()
            && !value.array_of("coding").iter().any(|coding| coded(codes, coding))
        {
            self.not_in(codes, path);
        }
    }

    fn not_in(&mut self, codes: &Codes, path: &Path<'_>) {
        let all: Vec<&str> = codes.systems.iter().flat_map(|(_, codes)| codes).copied().collect();
        let (shown, more) = if all.len() > 20 { (&all[..20], ", …") } else { (&all[..], "") };
        let text = format!("A code of {} was expected: {}{more}.", codes.name, shown.join(", "));
        self.report("code-invalid", path, text);
    }
}

/// Whether a Coding is of the list; an extension may stand for the code.
fn coded(codes: &Codes, coding: &Node<'_>) -> bool {
    match (coding.str_of("system"), coding.str_of("code")) {
        (Some(system), Some(code)) => codes.has(Some(system), code),
        _ => coding.get("_code").is_some(),
    }
}
