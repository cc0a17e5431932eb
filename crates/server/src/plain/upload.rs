//! `/api/records/upload`: a file and what is said of it, as one form (multipart/form-data).

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use documents::plain::{self, Document, Incoming, Whole, Wishes};
use http::{StatusCode, header};
use kernel::http::idempotency_key;
use kernel::{Ctx, Issue, Problem};
use ledger::House;
use multer::{Constraints, Field, Multipart, SizeLimit};
use ring::digest::{Context, SHA256};
use utoipa::ToSchema;

/// Of everything that is said; the file is limited by what the room of documents takes.
const LONGEST_TEXT: u64 = 8 << 10;

/// The form. Only `file` must be there.
#[derive(ToSchema)]
#[schema(as = RecordUpload)]
#[expect(dead_code, reason = "it describes a form that is read piece by piece")]
pub struct UploadForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    title: Option<String>,
    /// A code or a name of `/api/document-kinds`, such as `Laboratory report`.
    kind: Option<String>,
    /// The day it is of.
    #[schema(format = Date)]
    date: Option<String>,
    /// The clinic or laboratory it is from.
    organization: Option<String>,
    /// With commas between.
    tags: Option<String>,
    /// The id of the Patient, before the file. A patient who adds to their own record leaves it out.
    patient: Option<String>,
}

/// Adds a document.
#[utoipa::path(post, path = "/api/records/upload", tag = "plain",
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 200 letters of your choice: sent again with the \
        same key, the same document is answered and nothing is added")),
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses(
    (status = 201, body = Document),
    (status = 200, body = Document, description = "It came before under this Idempotency-Key"),
    (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who may add documents"),
    (status = 404, description = "There is no such patient that the caller can see"),
    (status = 409, description = "The same key came a moment ago and is not done yet, or its document was deleted"),
    (status = 413, description = "Larger than is taken here"),
    (status = 415, description = "Not multipart/form-data"),
    (status = 422, description = "The file was refused, or a rule is broken; kind and issues say why")))]
pub async fn upload(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    request: Request,
) -> Result<Response, Problem> {
    consent::Access::open(&ctx)?.writer(&ctx)?;
    let form = form_of(request)?;
    let id = form.key.as_deref().map(|key| plain::id_of(&house, &ctx, key));
    if let Some(id) = &id
        && let Some(known) = known(&house, &ctx, id).await?
    {
        return again(&house, &ctx, form, known).await;
    }
    let (whole, wishes) = form.read(&house, &ctx).await?;
    let id = whole.take(&house, &ctx, wishes, id).await?;
    let document = plain::read(&house, &ctx, &id).await?;
    let address = format!("/api/documents/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(document)).into_response())
}

/// What came before under the same key: the same document, if the file is the same and it is still there.
async fn again(house: &House, ctx: &Ctx, form: Form, known: Document) -> Result<Response, Problem> {
    let sha256 = form.drain().await?;
    if !plain::is_of(house, ctx, &known.id, sha256).await? {
        let text = "Another file came before under this Idempotency-Key. Send this one with a key of its own.";
        return Err(Problem::unprocessable(vec![Issue::new("value", "Idempotency-Key", text)]));
    }
    if known.deleted_at.is_some() {
        return Err(Problem::conflict(
            "The document of this Idempotency-Key was deleted. Bring it back, or send the file with a new key.",
        ));
    }
    Ok(Json(known).into_response())
}

async fn known(house: &House, ctx: &Ctx, id: &str) -> Result<Option<Document>, Problem> {
    match plain::read(house, ctx, id).await {
        Ok(document) => Ok(Some(document)),
        Err(problem) if problem.status == 404 => Ok(None),
        Err(problem) => Err(problem),
    }
}

struct Form {
    parts: Multipart<'static>,
    key: Option<String>,
}

fn form_of(request: Request) -> Result<Form, Problem> {
    let key = idempotency_key(request.headers())?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| {
        Problem::new(415, "invalid", "Send a form: Content-Type: multipart/form-data, as curl does with -F.")
    })?;
    let limits = Constraints::new().size_limit(SizeLimit::new().per_field(u64::MAX));
    let body = request.into_body().into_data_stream();
    Ok(Form { parts: Multipart::with_constraints(body, boundary, limits), key })
}

/// What multer says quotes the request: only what to do about it is passed on.
fn broken(_: multer::Error) -> Problem {
    Problem::bad_request("The form cannot be read, or did not arrive whole. Send it as multipart/form-data.")
}

fn wrong(path: &str, code: &'static str, text: &str) -> Problem {
    Problem::bad_request(text).with_issues(vec![Issue::new(code, path, text)])
}

impl Form {
    /// Reads to the end, so that the sender hears the answer: the SHA-256 of the file.
    async fn drain(mut self) -> Result<Vec<u8>, Problem> {
        let mut digest = Context::new(&SHA256);
        while let Some(mut field) = self.parts.next_field().await.map_err(broken)? {
            let file = field.name() == Some("file");
            while let Some(piece) = field.chunk().await.map_err(broken)? {
                if file {
                    digest.update(&piece);
                }
            }
        }
        Ok(digest.finish().as_ref().to_vec())
    }

    /// The file, sealed in the store, and what is said of it. When anything is wrong, the file is given up.
    async fn read(mut self, house: &House, ctx: &Ctx) -> Result<(Whole, Wishes), Problem> {
        let mut file = None;
        match self.fields(house, ctx, &mut file).await {
            Ok(wishes) => {
                let missing = || wrong("file", "required", "The form has no file: send one as the field file.");
                Ok((file.ok_or_else(missing)?, wishes))
            }
            Err(problem) => {
                if let Some(whole) = file {
                    whole.abandon(house).await?;
                }
                Err(problem)
            }
        }
    }

    async fn fields(&mut self, house: &House, ctx: &Ctx, file: &mut Option<Whole>) -> Result<Wishes, Problem> {
        let (mut wishes, mut patient, mut seen) = (Wishes::default(), None, Vec::new());
        while let Some(field) = self.parts.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if seen.contains(&name) {
                return Err(wrong(&name, "structure", "A field comes once."));
            }
            match name.as_str() {
                "file" => {
                    wishes.file_name = field.file_name().unwrap_or_default().to_owned();
                    *file = Some(taken(house, ctx, patient.take(), field).await?);
                }
                "patient" if file.is_some() => {
                    return Err(wrong("patient", "structure", "Say the patient before the file."));
                }
                "patient" => patient = text(field, &name).await?,
                "title" => wishes.title = text(field, &name).await?,
                "date" => wishes.date = text(field, &name).await?,
                "organization" => wishes.organization = text(field, &name).await?,
                "kind" => {
                    let said = text(field, &name).await?;
                    wishes.kind = said.map(|kind| plain::kind_of(&kind).map_or(kind, str::to_owned));
                }
                "tags" => {
                    let said = text(field, &name).await?.unwrap_or_default();
                    wishes.tags = said.split(',').map(str::to_owned).collect();
                }
                _ => {
                    let text = "Fields are file, title, kind, date, organization, tags and patient.";
                    return Err(wrong("", "structure", text));
                }
            }
            seen.push(name);
        }
        Ok(wishes)
    }
}

/// Seals a file as it comes.
async fn taken(house: &House, ctx: &Ctx, patient: Option<String>, mut field: Field<'_>) -> Result<Whole, Problem> {
    let mut incoming = Incoming::begin(house, ctx, patient).await?;
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        incoming.write(&piece).await?;
    }
    Ok(incoming.whole().await?)
}

/// A field of text; an empty one is none.
async fn text(mut field: Field<'_>, name: &str) -> Result<Option<String>, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() as u64 > LONGEST_TEXT {
            return Err(wrong(name, "too-long", "This field is too long."));
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong(name, "value", "Expected text in UTF-8."))?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}
