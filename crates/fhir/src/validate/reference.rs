//! Whether a reference has a form R4 allows and points to what it may.

use super::{Checker, Path};
use crate::reference::{Target, target};
use crate::{Kind, Node};

impl<'n> Checker<'n> {
    pub(super) fn reference(&mut self, node: &'n Node<'n>, targets: &[Kind], path: &Path<'_>) {
        let Some(text) = node.str_of("reference") else { return };
        let path = path.child("reference");
        let said = node.str_of("type").and_then(Kind::parse);
        let found = match target(text) {
            None => {
                let text = "A reference was expected: Type/id, an absolute URL, urn:uuid:…, #id of a contained resource, or Type?query.";
                return self.report("value", &path, text);
            }
            Some(Target::Literal { kind, .. } | Target::Conditional { kind, .. }) => Some(kind),
            Some(Target::Contained("") | Target::Urn | Target::Url) => said,
            Some(Target::Contained(id)) => {
                let Ok(at) = self.contained.binary_search_by_key(&id, |(id, _)| id) else {
                    return self.report("value", &path, "No contained resource has this id.");
                };
                self.contained[at].1
            }
        };
        let Some(found) = found else { return };
        if said.is_some_and(|said| said != found) {
            self.report("value", &path, "The reference and its type say different things.");
        }
        if !targets.is_empty() && !targets.contains(&found) {
            let names: Vec<&str> = targets.iter().map(|kind| kind.name()).collect();
            self.report("value", &path, format!("This may point to {}.", names.join(" or ")));
        }
    }
}
