//! Where the models of the face check come from: the binary, which takes them along from the web app's packages when it
//! is built, or a folder that the operator names.

use ::face::{FaceError, MODELS, Sight};
use identity::face::Models;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

include!(concat!(env!("OUT_DIR"), "/face.rs"));

/// The files of a folder that models need.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let of = |name: &str| [format!("{name}-weights_manifest.json"), format!("{name}.bin")];
    MODELS.into_iter().flat_map(of).map(|name| folder.join(name))
}

/// The first file that a folder of models lacks.
pub fn missing(folder: &Path) -> Option<PathBuf> {
    files(folder).find(|path| !path.is_file())
}

/// The models of this server, if it has any.
pub fn models(folder: Option<PathBuf>) -> Option<Models> {
    match folder {
        Some(folder) => Some(Models::new(move || {
            let read = |name: &str| std::fs::read(folder.join(name)).ok().map(Cow::Owned);
            Sight::read(read).map(Arc::new)
        })),
        None if EMBEDDED.is_empty() => None,
        None => Some(Models::new(embedded)),
    }
}

/// Those in the binary, read once for all.
fn embedded() -> Result<Arc<Sight>, FaceError> {
    static SIGHT: OnceLock<Result<Arc<Sight>, FaceError>> = OnceLock::new();
    let find = |name: &str| EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, bytes)| Cow::Borrowed(*bytes));
    SIGHT.get_or_init(|| Sight::read(find).map(Arc::new)).clone()
}
