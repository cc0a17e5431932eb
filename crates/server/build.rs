//! Lists the files of the built web app, so that the binary carries them.
//!
//! Where the app was not built, one page says how: the server can be checked and tested without Node.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>HealthSync</title>
<p>The web app is not part of this build. Run <code>scripts/web</code>, then build again; <code>make demo</code> does both.</p>
</html>
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let dist = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    // Cargo cannot watch a folder that is not there.
    std::fs::create_dir_all(&dist)?;
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &dist, &mut files)?;
    } else {
        let page = out.join("index.html");
        std::fs::write(&page, NOT_BUILT)?;
        files.push(("index.html".to_owned(), page));
    }
    files.sort();
    let mut table = format!("/// Sorted by name.\nstatic FILES: [File; {}] = [\n", files.len());
    // A copy of its own: whoever builds the app anew meanwhile does not pull the files from under the compiler.
    let copies = out.join("web");
    std::fs::create_dir_all(&copies)?;
    for (number, (name, path)) in files.iter().enumerate() {
        let content = std::fs::read(path)?;
        let mut hasher = DefaultHasher::new();
        hasher.write(&content);
        let path = copies.join(number.to_string());
        std::fs::write(&path, &content)?;
        writeln!(table, "    File::new({name:?}, \"\\\"{:016x}\\\"\", include_bytes!({path:?})),", hasher.finish())?;
    }
    table.push_str("];\n");
    std::fs::write(out.join("web.rs"), table)?;
    face_models(&out)?;
    passwords(&out)?;
    Ok(())
}

/// The models of the face check come with the web app's packages; without these the server has none, and says so.
fn face_models(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let folder =
        PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/node_modules/@vladmandic/face-api/model");
    // Packages that are installed later change this file.
    let lock = folder.join("../../../.installed");
    // One that is missing would count as changed at every build; a new web app brings this script up anyway.
    if lock.is_file() {
        println!("cargo::rerun-if-changed={}", lock.display());
    }
    let copies = out.join("models");
    std::fs::create_dir_all(&copies)?;
    let mut table = String::from("static EMBEDDED: &[(&str, &[u8])] = &[\n");
    for name in ["tiny_face_detector_model", "face_landmark_68_model", "face_recognition_model"] {
        for name in [format!("{name}-weights_manifest.json"), format!("{name}.bin")] {
            let Ok(content) = std::fs::read(folder.join(&name)) else { continue };
            let copy = copies.join(&name);
            std::fs::write(&copy, content)?;
            writeln!(table, "    ({name:?}, include_bytes!({copy:?})),")?;
        }
    }
    table.push_str("];\n");
    std::fs::write(out.join("face.rs"), table)?;
    Ok(())
}

/// The passwords that everybody tries first come with the web app's packages too, the commonest first. Kept are those that are
/// long enough to be chosen, sorted, so that they are searched where they lie; without the package there are none.
fn passwords(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let package =
        PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/node_modules/@zxcvbn-ts/language-common");
    let json = std::fs::read_to_string(package.join("src/passwords.json")).unwrap_or_default();
    // A list of texts and nothing else: every second piece between quotation marks is one.
    let words = json.split('"').skip(1).step_by(2);
    let mut words: Vec<String> = words
        .filter(|word| word.is_ascii() && word.len() >= 8 && !word.contains('\\'))
        .map(str::to_ascii_lowercase)
        .collect();
    words.sort_unstable();
    words.dedup();
    std::fs::write(out.join("passwords.txt"), words.join("\n"))?;
    Ok(())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // `.vite/manifest.json` and its like are for tools.
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push((name, path));
        }
    }
    Ok(())
}
