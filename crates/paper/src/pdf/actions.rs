//! What in a PDF leads out of it: actions that happen by themselves, and parts that lie in other files.

use super::check::Seen;
use super::objects::Object;
use crate::refusal::{Reason, Refusal, refuse};
use std::collections::BTreeSet;

/// Actions that leave the document or hand something over, when nobody pressed anything.
const LEAVING: [&[u8]; 9] =
    [b"URI", b"SubmitForm", b"ImportData", b"GoToR", b"GoToE", b"Launch", b"Movie", b"Sound", b"Rendition"];

/// Whether an action, or one it leads to, leaves the document. It goes through references; what leads too deep is taken
/// for leaving. Where it came by at the same depth before is known not to leave: else a handful of objects that refer to the
/// next a hundred times each would be gone through a hundred times a hundred times, at each step.
pub fn leaves(object: &Object, seen: &Seen, depth: u32, known: &mut BTreeSet<(u32, u32)>) -> bool {
    if depth > 12 {
        return true;
    }
    match object {
        Object::Ref(number) if !known.insert((*number, depth)) => false,
        Object::Ref(number) => seen.dicts.get(number).is_some_and(|all| {
            // A place in the document is a page, and pages hold links that somebody presses.
            let place = |dict: &&Object| {
                dict.get(b"Type").is_none_or(|kind| kind.is_name(b"Action")) && dict.get(b"Kids").is_none()
            };
            all.iter().filter(place).any(|dict| leaves(dict, seen, depth + 1, known))
        }),
        Object::Array(items) => items.iter().any(|item| leaves(item, seen, depth + 1, known)),
        Object::Dict(members) => {
            let with_file = members.iter().any(|(key, _)| key == b"F");
            if members.iter().any(|(key, value)| key == b"S" && kind_leaves(value, with_file, seen)) {
                return true;
            }
            let followed =
                |key: &[u8]| !matches!(key, b"P" | b"Parent" | b"D" | b"Dest" | b"Prev" | b"First" | b"Last");
            members.iter().filter(|(key, _)| followed(key)).any(|(_, value)| leaves(value, seen, depth + 1, known))
        }
        _ => false,
    }
}

/// Whether an action of this kind leaves the document: a thread does where it names a file. What a reference leads to is the
/// kind, in each of its versions; where it leads to no name, nothing can be said of it.
fn kind_leaves(kind: &Object, with_file: bool, seen: &Seen) -> bool {
    let leaving = |name: &Vec<u8>| LEAVING.contains(&name.as_slice()) || with_file && name == b"Thread";
    match kind {
        Object::Name(name) => leaving(name),
        Object::Ref(number) => seen.names.get(number).is_none_or(|names| names.iter().any(leaving)),
        _ => false,
    }
}

/// A form that is a page of another file (`Ref`).
pub fn look_form(object: &Object) -> Result<(), Refusal> {
    let form = object.get(b"Subtype").is_some_and(|kind| kind.is_name(b"Form")) || object.get(b"BBox").is_some();
    if form && object.get(b"Ref").is_some() {
        return refuse(Reason::PdfLaunch, "This PDF shows a page of another file.");
    }
    Ok(())
}

/// A stream whose bytes lie in another file (`F`). Some programs write the names of filters there.
pub fn look_outside(stream: &Object) -> Result<(), Refusal> {
    let Object::Dict(members) = stream else { return Ok(()) };
    let outside = |value: &Object| matches!(value, Object::Text | Object::Dict(_) | Object::Ref(_));
    if members.iter().any(|(key, value)| key == b"F" && outside(value)) {
        return refuse(Reason::PdfLaunch, "A part of this PDF lies in another file.");
    }
    Ok(())
}
