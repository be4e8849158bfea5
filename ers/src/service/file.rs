//! Files that can be uploaded.

/// Largest file that the service takes, in bytes.
pub const MOST_BYTES: usize = 5_242_880;

/// Media types that the service takes, and the ends of the names of their files.
pub static FILE_TYPES: &[(&str, &[&str])] = &[
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
