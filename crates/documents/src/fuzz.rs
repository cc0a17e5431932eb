//! Doors for the fuzz targets: what comes with a file, read as this server reads it.

use crate::sealing::model::VaultForm;
use crate::sealing::rules;
use crate::uploads::metadata;

pub fn metadata(header: &str) {
    if let Ok((wishes, _)) = metadata::read(header) {
        let _ = wishes.checked("2026-01-01");
    }
}

/// A vault as a browser makes it.
pub fn vault(body: &[u8]) {
    if let Ok(form) = serde_json::from_slice::<VaultForm>(body)
        && let Ok((box_key, sign_key)) = rules::vault(&form)
    {
        let code = rules::code(&rules::fingerprint(&box_key, &sign_key));
        assert_eq!(rules::read_code(&code).as_deref(), Some(code.as_str()));
    }
}
