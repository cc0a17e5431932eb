//! RFC 6962 hashing and the frontier: the roots of the perfect subtrees that make up a tree of any size.

use ring::digest::{Context, SHA256};

pub type Hash = [u8; 32];

fn finish(context: Context) -> Hash {
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// RFC 6962 section 2.1: a leaf is hashed behind a 0 byte …
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[0]);
    context.update(leaf);
    finish(context)
}

/// … and an inner node behind a 1 byte, so that neither passes for the other.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[1]);
    context.update(left);
    context.update(right);
    finish(context)
}

/// The root of the empty tree.
pub fn empty_root() -> Hash {
    finish(Context::new(&SHA256))
}

/// The perfect subtrees of a tree, largest first, and how many leaves they hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    pub size: u64,
    roots: Vec<Hash>,
}

/// Subtrees are kept at every eighth level: a proof then reads at most 256 hashes per level.
pub const STEP: u32 = 8;

impl Frontier {
    pub fn from_parts(size: u64, bytes: &[u8]) -> Option<Self> {
        let (chunks, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && chunks.len() == size.count_ones() as usize;
        fits.then(|| Self { size, roots: chunks.to_vec() })
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    /// Adds a leaf and tells of every subtree at a kept level that it completes.
    pub fn push(&mut self, hash: Hash, mut complete: impl FnMut(u32, u64, Hash)) {
        let mut node = hash;
        let mut level = 0;
        while (self.size >> level) & 1 == 1 {
            let Some(left) = self.roots.pop() else { break };
            node = node_hash(&left, &node);
            level += 1;
            if level % STEP == 0 {
                complete(level, self.size >> level, node);
            }
        }
        self.roots.push(node);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else { return empty_root() };
        roots.fold(*last, |right, left| node_hash(left, &right))
    }
}
