//! What the API shows and takes of sealed documents. All that is binary is in base64, and was made in a browser.

use consent::{Compartment, Party};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = VaultWayKind)]
pub enum WayKind {
    /// A passkey that can derive a secret (PRF).
    Passkey,
    /// The recovery code that was shown once.
    Recovery,
}

/// A way into a vault: its key under a secret that only the owner has.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VaultWayForm)]
pub struct WayForm {
    pub kind: WayKind,
    /// What its owner calls it; at most 60 characters.
    pub name: String,
    /// Of a passkey: which one it is.
    #[serde(default)]
    pub credential: Option<String>,
    pub wrap: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VaultWay)]
pub struct Way {
    pub id: i64,
    pub kind: WayKind,
    pub name: String,
    #[schema(required = true)]
    pub credential: Option<String>,
    #[schema(format = DateTime)]
    pub created: String,
    pub wrap: String,
}

/// A vault as its owner's browser made it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultForm {
    /// X25519: what is meant for the owner is wrapped for it.
    pub box_key: String,
    /// Ed25519: the owner signs what they wrap for others.
    pub sign_key: String,
    /// What passkeys derive their secret from.
    pub salt: String,
    /// The private keys, under a key that is under each way.
    pub keys: String,
    /// One of them is the recovery code.
    pub ways: Vec<WayForm>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vault {
    pub box_key: String,
    pub sign_key: String,
    pub salt: String,
    pub keys: String,
    /// Sixteen letters that follow from the public keys.
    pub code: String,
    #[schema(format = DateTime)]
    pub created: String,
    pub ways: Vec<Way>,
    /// Who holds a share of its key.
    pub guardians: Vec<Guardian>,
}

/// `null` when none was made yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyVault {
    #[schema(required = true)]
    pub vault: Option<Vault>,
    /// Whose vaults the caller is a guardian of.
    pub guarding: Vec<Guarded>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VaultGuardian)]
pub struct Guardian {
    pub name: String,
    pub code: String,
    #[schema(format = DateTime)]
    pub created: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GuardedVault)]
pub struct Guarded {
    pub name: String,
    #[schema(format = DateTime)]
    pub since: String,
}

/// Somebody's public keys.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VaultPublicKeys)]
pub struct PublicKeys {
    pub name: String,
    /// The id of the Practitioner, if it is one.
    #[schema(required = true)]
    pub practitioner: Option<String>,
    pub box_key: String,
    pub sign_key: String,
    pub code: String,
    /// The entry of the ledger that tells of a practitioner's keys, with what it takes to check it.
    #[schema(required = true)]
    pub logged: Option<Logged>,
}

/// As in `LedgerEntry`: `leaf` is HMAC-SHA256 of the exact bytes under the key `r`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LoggedKeys)]
pub struct Logged {
    pub seq: i64,
    pub entry: String,
    pub r: String,
    pub leaf: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VaultShareForm)]
pub struct ShareForm {
    /// The code of the guardian's own vault.
    pub code: String,
    /// A share of the key, wrapped for the guardian.
    pub wrap: String,
}

/// Three guardians, of whom two open the vault; or nobody.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VaultGuardiansForm)]
pub struct GuardiansForm {
    pub guardians: Vec<ShareForm>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = VaultOpeningKind)]
pub enum OpeningKind {
    /// Another device of the owner's, on which the vault is open, lets this one in.
    Device,
    /// Two of three guardians do.
    Guardians,
}

/// A device asks to be let into its owner's vault.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = VaultOpeningForm)]
pub struct OpeningForm {
    pub kind: OpeningKind,
    /// X25519, made for this.
    pub public_key: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VaultOpeningAnswer)]
pub struct Answer {
    /// Who gave it.
    pub name: String,
    pub wrap: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VaultOpening)]
pub struct Opening {
    pub id: i64,
    pub kind: OpeningKind,
    /// Who asks.
    pub name: String,
    pub public_key: String,
    #[schema(format = DateTime)]
    pub created: String,
    #[schema(format = DateTime)]
    pub expires: String,
    /// What came back: for the owner.
    pub answers: Vec<Answer>,
    /// The guardian's own share, wrapped for them: for a guardian who has not answered.
    #[schema(required = true)]
    pub share: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VaultOpenings)]
pub struct Openings {
    /// Of the caller's own vault.
    pub own: Vec<Opening>,
    /// Of vaults that the caller is a guardian of.
    pub asked: Vec<Opening>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VaultAnswerForm)]
pub struct AnswerForm {
    pub wrap: String,
}

/// The key of a compartment, wrapped for a reader and signed by the patient.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SealedKeyForm)]
pub struct WrapForm {
    /// The id of the Practitioner; `null` for the patient.
    pub reader: Option<String>,
    /// The code of the reader's public keys.
    pub code: String,
    pub wrap: String,
    pub signature: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SealedKeysForm)]
pub struct WrapsForm {
    /// One that stands, for further readers; or the next one, which the patient's own key comes with.
    pub epoch: i64,
    pub keys: Vec<WrapForm>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SealedKey)]
pub struct Wrap {
    pub compartment: Compartment,
    pub epoch: i64,
    pub wrap: String,
    pub signature: String,
}

/// A reader of a compartment, and which keys were handed over.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SealedReaderState)]
pub struct ReaderState {
    pub practitioner: Party,
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    /// The code of their public keys; `null` while they have no vault.
    #[schema(required = true)]
    pub code: Option<String>,
    /// The epochs whose key was wrapped for exactly these public keys.
    pub epochs: Vec<i64>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SealedCompartment)]
pub struct CompartmentState {
    pub compartment: Compartment,
    /// The current one; 0 before the first.
    pub epoch: i64,
    /// Whether somebody holds the current key who may not open it any more: a new one is due.
    pub due: bool,
    pub keys: Vec<Wrap>,
    pub readers: Vec<ReaderState>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sealing {
    pub compartments: Vec<CompartmentState>,
}

/// A sealed document, as far as the server knows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SealedDocument {
    pub id: String,
    pub compartment: Compartment,
    pub epoch: i64,
    /// What its file takes here, in bytes: full pieces.
    pub size: i64,
    #[schema(format = DateTime)]
    pub added: String,
    /// Its name, kind, date, tags and the key of its file, for those who hold the key of the compartment.
    pub detail: String,
}

/// The sealed documents of a record that the caller may open, and the keys that were wrapped for them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SealedRecord {
    /// Newest first.
    pub documents: Vec<SealedDocument>,
    pub keys: Vec<Wrap>,
    /// What the patient signs with; `null` while they have no vault.
    #[schema(required = true)]
    pub sign_key: Option<String>,
    /// Whether the caller may add, rename and delete.
    pub may_change: bool,
    /// The largest file that is taken, in bytes, before it is sealed.
    pub max_bytes: u64,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SealedChange {
    /// The new description, sealed in the epoch that the document is of.
    pub detail: String,
}
