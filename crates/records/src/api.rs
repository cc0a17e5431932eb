//! FHIR over HTTP, and the data of the pages.

mod fhir;
mod respond;

use axum::Router;
use ledger::House;

pub fn routes() -> Router<House> {
    fhir::routes()
}
