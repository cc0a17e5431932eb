//! Search parameters compiled to one tree of member names per type, so that a resource is walked once for all of them.

use super::expression::{self, Step};
use super::{Param, ParamKind};
use crate::Kind;
use crate::spec::{Field, Primitive, Ty, spec};

#[derive(Default)]
pub(crate) struct Program {
    pub root: Tree,
    /// Parameters that are true where one of the members is there and is not `false`.
    pub truths: Vec<(i64, Vec<&'static str>)>,
    /// What could not be compiled, with the reason.
    pub failures: Vec<(&'static str, String)>,
}

#[derive(Default)]
pub(crate) struct Tree {
    pub children: Vec<(&'static str, Tree)>,
    /// Followed only where that member has that text.
    pub guards: Vec<(&'static str, &'static str, Tree)>,
    pub leaves: Vec<Leaf>,
}

#[derive(Clone, Copy)]
pub(crate) struct Leaf {
    pub param: i64,
    pub take: Take,
}

/// How a value becomes terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Take {
    Coding,
    CodeableConcept,
    Identifier,
    ContactPoint,
    /// A code, id or string without a system, or a boolean.
    Token,
    /// A Reference, only to that type if one is given.
    Reference(Option<Kind>),
    /// A canonical or other URL used as a reference.
    Link,
    Date,
    Period,
    Timing,
    Text,
    HumanName,
    Address,
    Quantity,
    Money,
    Range,
    Uri,
    Number,
}

impl Program {
    /// Adds the paths of a parameter, whose terms will carry the given number; gives the types that the elements on its
    /// paths can refer to, none where it is anything.
    pub fn add(&mut self, kind: Kind, param: &Param, number: i64) -> Vec<Kind> {
        let mut compiling = Compiling { kind: param.kind, param: number, targets: Vec::new() };
        if matches!(param.kind, ParamKind::Composite | ParamKind::Special) {
            return compiling.targets;
        }
        let mut taken = 0;
        match (expression::parse(kind, param.expression), spec().of_kind(kind)) {
            (Ok(paths), Some(ty)) => {
                for path in paths {
                    if path.truth {
                        self.add_truth(kind, &path.steps, number);
                        taken += 1;
                    } else {
                        taken += compiling.follow(&mut self.root, Ty::Object(ty), &path.steps);
                    }
                }
                if taken == 0 {
                    self.failures.push((param.name, "no path of it leads to a value that can be indexed".into()));
                }
            }
            (Err(why), _) => self.failures.push((param.name, why)),
            (_, None) => self.failures.push((param.name, "the type is not in the element table".into())),
        }
        compiling.targets
    }

    fn add_truth(&mut self, kind: Kind, steps: &[Step], number: i64) {
        let (Some(id), [Step::Field(name)]) = (spec().of_kind(kind), steps) else { return };
        self.truths.push((number, spec().ty(id).fields_of(name).map(|field| field.name).collect()));
    }
}

struct Compiling {
    kind: ParamKind,
    param: i64,
    targets: Vec<Kind>,
}

impl Compiling {
    /// Follows the steps from a type, growing the tree; gives the number of leaves reached.
    fn follow(&mut self, tree: &mut Tree, ty: Ty, steps: &[Step]) -> usize {
        match steps {
            [] => self.leaf(tree, ty, None),
            [Step::PointsTo(target)] => self.leaf(tree, ty, Some(*target)),
            [Step::PointsTo(_), ..] => 0,
            [Step::As(name), rest @ ..] => {
                if name_of(ty) == *name {
                    self.follow(tree, ty, rest)
                } else {
                    0
                }
            }
            [Step::Equals(field, literal), rest @ ..] => {
                let at = tree.guards.iter().position(|(f, l, _)| f == field && l == literal).unwrap_or_else(|| {
                    tree.guards.push((field, literal, Tree::default()));
                    tree.guards.len() - 1
                });
                self.follow(&mut tree.guards[at].2, ty, rest)
            }
            [Step::Field(name), rest @ ..] => {
                let Ty::Object(id) = ty else { return 0 };
                let follow = |field: &Field| {
                    self.targets.extend(&field.targets);
                    self.follow(tree.child_mut(field.name), field.ty, rest)
                };
                spec().ty(id).fields_of(name).map(follow).sum()
            }
        }
    }

    fn leaf(&mut self, tree: &mut Tree, ty: Ty, target: Option<Kind>) -> usize {
        let Some(take) = take(self.kind, ty, target) else { return 0 };
        let double = tree.leaves.iter().any(|leaf| leaf.param == self.param && leaf.take == take);
        if !double {
            tree.leaves.push(Leaf { param: self.param, take });
        }
        1
    }
}

impl Tree {
    pub fn child(&self, name: &str) -> Option<&Tree> {
        self.children.iter().find(|(child, _)| *child == name).map(|(_, tree)| tree)
    }

    fn child_mut(&mut self, name: &'static str) -> &mut Tree {
        let at = self.children.iter().position(|(child, _)| *child == name).unwrap_or_else(|| {
            self.children.push((name, Tree::default()));
            self.children.len() - 1
        });
        &mut self.children[at].1
    }
}

fn name_of(ty: Ty) -> &'static str {
    match ty {
        Ty::Primitive(primitive) => primitive.name(),
        Ty::Object(id) => spec().ty(id).name,
        Ty::Resource => "Resource",
    }
}

/// How a parameter takes its terms from a value of that type; `None` where R4 gives the pair no meaning, such as a date
/// parameter on the text alternative of a choice.
fn take(kind: ParamKind, ty: Ty, target: Option<Kind>) -> Option<Take> {
    use Primitive::{Base64Binary, Boolean, Canonical, Date, DateTime, Decimal, Instant, Integer, Oid, PositiveInt};
    use Primitive::{Time, UnsignedInt, Uri, Url, Uuid, Xhtml};
    let link = matches!(ty, Ty::Primitive(Uri | Url | Canonical | Oid | Uuid));
    let number = matches!(ty, Ty::Primitive(Decimal | Integer | PositiveInt | UnsignedInt));
    let date = matches!(ty, Ty::Primitive(Date | DateTime | Instant));
    let text =
        matches!(ty, Ty::Primitive(_)) && !number && !date && !matches!(ty, Ty::Primitive(Base64Binary | Xhtml | Time));
    Some(match (kind, name_of(ty)) {
        (ParamKind::Token, "Coding") => Take::Coding,
        (ParamKind::Token, "CodeableConcept") => Take::CodeableConcept,
        (ParamKind::Token, "Identifier") => Take::Identifier,
        (ParamKind::Token, "ContactPoint") => Take::ContactPoint,
        (ParamKind::Token, _) if text => Take::Token,
        (ParamKind::Reference, "Reference") => Take::Reference(target),
        (ParamKind::Reference, _) if link => Take::Link,
        (ParamKind::Date, _) if date => Take::Date,
        (ParamKind::Date, "Period") => Take::Period,
        (ParamKind::Date, "Timing") => Take::Timing,
        (ParamKind::String, "HumanName") => Take::HumanName,
        (ParamKind::String, "Address") => Take::Address,
        (ParamKind::String, _) if text && ty != Ty::Primitive(Boolean) => Take::Text,
        (ParamKind::Quantity, "Quantity" | "Age" | "Count" | "Distance" | "Duration") => Take::Quantity,
        (ParamKind::Quantity, "Money") => Take::Money,
        (ParamKind::Quantity, "Range") => Take::Range,
        (ParamKind::Uri, _) if link => Take::Uri,
        (ParamKind::Number, _) if number => Take::Number,
        _ => return None,
    })
}
