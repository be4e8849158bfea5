//! What can go wrong.

/// Why a package cannot be distilled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The package, or a definition in it, cannot be read.
    #[error(transparent)]
    Package(#[from] ers_fhir_profiles::Error),
    /// A correction of a published fault found nothing to correct.
    #[error(
        "fixup '{name}' finds nothing to correct in {structure}: remove or change it in xtask/src/distil/fixups"
    )]
    StaleFixup {
        /// Name of the correction.
        name: &'static str,
        /// Id of the structure it is for.
        structure: &'static str,
    },
}
