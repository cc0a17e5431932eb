//! The file of a document, and its pages as pictures.

use crate::content::{self, File, Shot};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::http::Params;
use kernel::{Ctx, Problem};
use ledger::House;
use records::service::out;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// To be kept as a file, and not shown.
    download: bool,
}

/// What a browser may show by itself; anything else it is to keep.
const SHOWN: [&str; 4] = ["application/pdf", "image/jpeg", "image/png", "text/plain"];

/// The file as it was added.
#[utoipa::path(get, path = "/api/documents/{id}/content", tag = "documents",
    params(("id" = String, Path, description = "The document"), How), responses(
    (status = 200, description = "The file", content_type = "*/*"),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such document that the caller can see")))]
pub async fn content(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    Params(how): Params<How>,
) -> Result<Response, Problem> {
    let file = out(&house, content::look(&house, &ctx, &id).await?).await?;
    let reading = file.open(&house).await?;
    let kept = how.download || !SHOWN.contains(&file.media_type.as_str());
    let mut response = Response::new(Body::from_stream(reading.stream()));
    let headers = response.headers_mut();
    let media_type = match file.media_type.as_str() {
        "text/plain" => "text/plain; charset=utf-8",
        other => other,
    };
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    if let Ok(value) = HeaderValue::from_str(media_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Some(value) = disposition(&file, kept) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Letters beyond ASCII go in the second form (RFC 6266); the rules let no quotation mark into a name.
fn disposition(file: &File, kept: bool) -> Option<HeaderValue> {
    let plain: String = file.name.chars().map(|c| if c.is_ascii() && c != '"' { c } else { '_' }).collect();
    let coded: String = file.name.bytes().map(percent).collect();
    let how = if kept { "attachment" } else { "inline" };
    HeaderValue::try_from(format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{coded}")).ok()
}

fn percent(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    }
}

const THUMBNAIL: u32 = 320;
const WIDTHS: [u32; 3] = [800, 1200, 1600];

async fn picture(house: &House, ctx: &Ctx, id: &str, page: u32, width: u32) -> Result<Response, Problem> {
    let file = out(house, content::look_at(house, ctx, id).await?).await?;
    let turned = file.turned.iter().find(|(n, _)| *n == i64::from(page)).map_or(0, |(_, turned)| *turned);
    let made = content::picture(house, &file, &file.media_type, Shot { page, width, turned }).await?;
    let made = made.ok_or_else(|| Problem::new(404, "not-found", "There is no picture of this page."))?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], made).into_response())
}

/// The first page, 320 pixels wide.
#[utoipa::path(get, path = "/api/documents/{id}/thumbnail", tag = "documents",
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, description = "The picture", content_type = "image/jpeg"),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such document that the caller can see, or no picture of it")))]
pub async fn thumbnail(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    picture(&house, &ctx, &id, 1, THUMBNAIL).await
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Width {
    /// 800, 1200 or 1600; 1200 by default.
    width: Option<u32>,
}

/// A page as a picture.
#[utoipa::path(get, path = "/api/documents/{id}/pages/{n}", tag = "documents",
    params(("id" = String, Path, description = "The document"), ("n" = i64, Path, description = "The page, from 1"), Width),
    responses(
    (status = 200, description = "The picture", content_type = "image/jpeg"),
    (status = 400, description = "Another width"), (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such page that the caller can see")))]
pub async fn page(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((id, n)): Path<(String, String)>,
    Params(Width { width }): Params<Width>,
) -> Result<Response, Problem> {
    consent::Access::open(&ctx)?;
    let width = width.unwrap_or(WIDTHS[1]);
    if !WIDTHS.contains(&width) {
        return Err(Problem::bad_request("The width is 800, 1200 or 1600."));
    }
    picture(&house, &ctx, &id, n.parse().map_err(|_| Problem::not_found())?, width).await
}
