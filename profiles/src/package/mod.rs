//! FHIR packages: reading them from a folder, an archive or a single resource file.
