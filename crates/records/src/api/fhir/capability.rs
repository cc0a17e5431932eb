//! What this server can do, said in FHIR: written once from the same tables that the code uses.

use crate::api::respond::string;
use fhir::Kind;
use fhir::search::{ParamKind, params};
use std::sync::OnceLock;

/// The CapabilityStatement (<https://hl7.org/fhir/R4/capabilitystatement.html>) for this address.
pub fn statement(base: &str) -> Vec<u8> {
    static REST: OnceLock<Vec<u8>> = OnceLock::new();
    let mut out =
        br#"{"resourceType":"CapabilityStatement","status":"active","date":"2026-11-21","kind":"instance","#.to_vec();
    out.extend_from_slice(br#""software":{"name":"HealthSync","version":""#);
    out.extend_from_slice(env!("CARGO_PKG_VERSION").as_bytes());
    out.extend_from_slice(br#""},"implementation":{"description":"HealthSync","url":"#);
    string(&mut out, base);
    out.extend_from_slice(
        br#"},"fhirVersion":"4.0.1","format":["application/fhir+json","json"],"rest":[{"mode":"server","#,
    );
    security(&mut out, base);
    out.extend_from_slice(br#""resource":["#);
    out.extend_from_slice(REST.get_or_init(resources));
    out.extend_from_slice(br#"],"interaction":[{"code":"transaction"},{"code":"batch"}]}]}"#);
    out
}

/// Where apps get their tokens (<https://hl7.org/fhir/smart-app-launch/conformance.html>).
fn security(out: &mut Vec<u8>, base: &str) {
    let origin = base.strip_suffix("/fhir").unwrap_or(base);
    out.extend_from_slice(
        br#""security":{"cors":true,"service":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/restful-security-service","code":"SMART-on-FHIR"}]}],"extension":[{"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris","extension":["#,
    );
    for (i, name) in ["authorize", "token", "register", "introspect", "revoke"].into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(format!(r#"{{"url":"{name}","valueUri":"#).as_bytes());
        string(out, &format!("{origin}/oauth/{name}"));
        out.push(b'}');
    }
    out.extend_from_slice(
        br#"]}],"description":"An app gets a token as SMART App Launch 2.2 says; a person's own program at POST /api/auth/login, a clinic's by healthsync token create. Send it as Authorization: Bearer."},"#,
    );
}

const INTERACTIONS: [&str; 7] = ["read", "vread", "update", "delete", "history-instance", "create", "search-type"];

/// The one operation there is (<https://hl7.org/fhir/uv/ips/OperationDefinition-summary.html>).
const SUMMARY: &[u8] =
    br#","operation":[{"name":"summary","definition":"http://hl7.org/fhir/uv/ips/OperationDefinition/summary"}]"#;

fn resources() -> Vec<u8> {
    let mut out = Vec::new();
    for (i, kind) in Kind::all().iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(format!(r#"{{"type":"{}","interaction":["#, kind.name()).as_bytes());
        let codes: Vec<String> = INTERACTIONS.iter().map(|code| format!(r#"{{"code":"{code}"}}"#)).collect();
        out.extend_from_slice(codes.join(",").as_bytes());
        out.extend_from_slice(
            br#"],"versioning":"versioned-update","readHistory":true,"updateCreate":true,"conditionalCreate":true,"searchParam":["#,
        );
        let offered = params(*kind).iter().filter(|p| !matches!(p.kind, ParamKind::Composite | ParamKind::Special));
        let listed: Vec<String> =
            offered.map(|p| format!(r#"{{"name":"{}","type":"{}"}}"#, p.name, p.kind.as_str())).collect();
        out.extend_from_slice(listed.join(",").as_bytes());
        out.extend_from_slice(b"]");
        if *kind == Kind::Patient {
            out.extend_from_slice(SUMMARY);
        }
        out.push(b'}');
    }
    out
}
