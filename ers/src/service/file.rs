//! Files that the service accepts.

/// The largest file that the service accepts, in bytes.
pub const MOST_FILE_BYTES: usize = 5_242_880;

/// Media types that the service accepts, and the extensions of their files.
pub const FILE_TYPES: &[(&str, &[&str])] = &[
    ("text/plain", &["txt"]),
    ("application/pdf", &["pdf"]),
    ("text/xml", &["xml"]),
    ("text/rtf", &["rtf", "rtx"]),
    ("audio/basic", &["au"]),
    ("audio/mpeg", &["mp3"]),
    ("image/png", &["png"]),
    ("image/gif", &["gif"]),
    ("image/jpeg", &["jpg", "jpe", "jpeg"]),
    ("image/tiff", &["tif", "tiff"]),
    ("video/mpeg", &["mpg", "mpeg", "mpe"]),
    ("application/msword", &["doc"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/dicom", &["dcm"]),
];

/// The media type that the service knows for an extension.
///
/// ```
/// use ers_fhir_ers::service::media_type_of;
///
/// assert_eq!(media_type_of("PDF"), Some("application/pdf"));
/// assert_eq!(media_type_of("wav"), None);
/// ```
pub fn media_type_of(extension: &str) -> Option<&'static str> {
    let extension = extension.to_ascii_lowercase();
    let found = FILE_TYPES.iter().find(|(_, extensions)| extensions.contains(&extension.as_str()));
    found.map(|(media_type, _)| *media_type)
}
