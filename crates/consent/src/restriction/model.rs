//! Whether sharing is paused, as it is sent.

use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Restriction {
    /// Since when nobody else opens the record; `null` while sharing goes on.
    #[schema(format = DateTime)]
    pub since: Option<String>,
}
