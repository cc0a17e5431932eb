//! The file that says that a folder holds a demonstration. Without it nothing in a folder is ever removed.

use crate::api::demo::Demo;
use crate::config::Config;
use std::path::{Path, PathBuf};

fn place(data: &Path) -> PathBuf {
    data.join("demo.json")
}

const BEGUN: &str = "{}\n";

/// The accounts of the demonstration in this folder; `None` when there is none or it was not finished.
pub fn read(data: &Path) -> Result<Option<Demo>, String> {
    let path = place(data);
    match std::fs::read_to_string(&path) {
        Ok(text) if text == BEGUN => Ok(None),
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|e| format!("{}: {e}", path.display())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("{}: {e}", path.display())),
    }
}

/// Removes an old demonstration, or refuses because what is there is none; then says that one was begun.
pub fn make_room(config: &Config, data: &Path) -> Result<(), String> {
    let said = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    let database = PathBuf::from(&config.database_url);
    if database.exists() && !place(data).exists() {
        return Err(format!("{} is no demonstration's: choose another folder with --data", database.display()));
    }
    // Whoever runs on it goes on with what is there: nothing is taken away under them.
    let _alone = match database.exists() {
        true => Some(alone(&database, data)?),
        false => None,
    };
    let mut files = vec![data.join("master.key")];
    for end in ["", "-wal", "-shm"] {
        let mut file = database.clone().into_os_string();
        file.push(end);
        files.push(file.into());
    }
    for file in files {
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(said(&file, e)),
            _ => {}
        }
    }
    crate::house::make_folder(data)?;
    std::fs::write(place(data), BEGUN).map_err(|e| said(data, e))
}

fn alone(database: &Path, data: &Path) -> Result<db::Alone, String> {
    db::alone(database).map_err(|e| format!("{}: {e}", database.display()))?.ok_or_else(|| {
        format!(
            "HealthSync runs on the folder {} now, and nothing in it was touched: stop it where it runs (Ctrl+C), then begin \
             anew; or choose another folder with --data, and another port with --listen",
            data.display()
        )
    })
}

/// Says that the demonstration is complete.
pub fn write(data: &Path, demo: &Demo) -> Result<(), String> {
    let text = serde_json::to_string_pretty(demo).map_err(|e| e.to_string())?;
    std::fs::write(place(data), text + "\n").map_err(|e| format!("{}: {e}", place(data).display()))
}
