//! FHIR XML, by the same tables as JSON.
//!
//! For reading, XML is converted to JSON by the tables of the base type, and the reader of JSON reads that: so XML is
//! checked by the same rules, and faults are reported at their place in the XML. A profile struct is written
//! as its base structure.

mod read;
mod write;

pub use write::NotXml;

use std::io::{self, Read, Write};

use super::error::ReadError;
use super::options::ReadOptions;
use super::record::Value;

/// Namespace of FHIR elements.
const FHIR: &str = "http://hl7.org/fhir";

/// Conversion from and to XML, for every generated structure.
///
/// ```
/// use ers_fhir_model::runtime::{Json, Xml};
/// use ers_fhir_model::stu3::Patient;
///
/// let xml = r#"<Patient xmlns="http://hl7.org/fhir"><birthDate id="about" value="1970"/></Patient>"#;
/// let patient = Patient::from_xml(xml)?;
/// assert_eq!(patient.to_json(), r#"{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"about"}}"#);
/// assert_eq!(patient.to_xml()?, xml);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Xml: Value {
    /// Reads XML, keeping unknown codes.
    ///
    /// XML does not tell the types of elements. So elements that the type does not have, and resources that
    /// were not generated, are refused here whatever the options; in JSON they can be kept.
    fn from_xml(bytes: impl AsRef<[u8]>) -> Result<Self, ReadError> {
        Self::from_xml_with(bytes, ReadOptions::lenient())
    }

    /// Reads XML with these options.
    fn from_xml_with(bytes: impl AsRef<[u8]>, options: ReadOptions) -> Result<Self, ReadError> {
        let mut value = Self::blank();
        read::read(bytes.as_ref(), options, &mut Self::blank(), &mut value)?;
        Ok(value)
    }

    /// XML without white space between elements, in the order of the definitions.
    ///
    /// # Errors
    ///
    /// [`NotXml`] where XML cannot express the content: an element that the type does not have, a resource that
    /// was not generated, a narrative that is not XHTML.
    fn to_xml(&self) -> Result<String, NotXml> {
        write::write(self)
    }

    /// Reads XML to the end of a file, a connection or the like. Content that cannot be read gives an error of kind
    /// `InvalidData` that holds the [`ReadError`].
    fn from_xml_reader(mut reader: impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Self::from_xml(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// Writes XML to a file, a connection or the like. Content that cannot be written as XML gives an error of kind
    /// `InvalidData` that holds the [`NotXml`].
    fn to_xml_writer(&self, mut writer: impl Write) -> io::Result<()> {
        let text = self.to_xml().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        writer.write_all(text.as_bytes())
    }
}

impl<T: Value> Xml for T {}

/// Whether a field is an attribute in XML: the id of anything but a resource, and the URL of an extension.
fn is_attribute(is_resource: bool, type_name: &str, field: &str) -> bool {
    match field {
        "id" => !is_resource,
        "url" => type_name == "Extension",
        _ => false,
    }
}

/// Whether a field is markup rather than a value: the XHTML of a narrative, which no other type has.
fn is_markup(type_name: &str, field: &str) -> bool {
    type_name == "Narrative" && field == "div"
}
