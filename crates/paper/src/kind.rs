//! The kinds of file a document may be.

/// A kind of file that is taken in; everything else is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Pdf,
    Jpeg,
    Png,
    Tiff,
    Heic,
    Text,
    Doc,
    Docx,
    Rtf,
}

const TYPES: [(Kind, &str); 9] = [
    (Kind::Pdf, "application/pdf"),
    (Kind::Jpeg, "image/jpeg"),
    (Kind::Png, "image/png"),
    (Kind::Tiff, "image/tiff"),
    (Kind::Heic, "image/heic"),
    (Kind::Text, "text/plain"),
    (Kind::Doc, "application/msword"),
    (Kind::Docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (Kind::Rtf, "text/rtf"),
];

impl Kind {
    pub fn media_type(self) -> &'static str {
        TYPES.iter().find(|(kind, _)| *kind == self).map_or("application/octet-stream", |(_, name)| name)
    }

    pub fn parse(media_type: &str) -> Option<Self> {
        TYPES.iter().find(|(_, name)| *name == media_type).map(|(kind, _)| *kind)
    }

    pub fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Tiff | Self::Heic)
    }
}
