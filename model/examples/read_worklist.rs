//! Reads a worklist (the answer of A008) and prints what is to do: `read_worklist [file]`.
//!
//! Without a file it reads a worklist of outstanding letters from the package of e-RS.

use ers_fhir_model::ers::stu3::{FetchWorklistList, FetchWorklistListEntry};
use ers_fhir_model::runtime::Json;

/// A worklist of our own making.
const LETTERS: &str = include_str!(
    "../../profiles/packages/ers-fhir.ers.stu3/package/example/eRS-FetchWorklist-List-1.letters.json"
);

#[expect(clippy::print_stdout, reason = "an example shows what it reads")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let json = match std::env::args().nth(1) {
        Some(file) => std::fs::read_to_string(file)?,
        None => LETTERS.to_owned(),
    };
    let worklist = FetchWorklistList::from_json(&json)?;
    for entry in &worklist.entry {
        println!("{}: {}", entry.item.reference, to_do(entry));
    }
    Ok(())
}

/// What an entry asks for; each worklist has an extension of its own.
fn to_do(entry: &FetchWorklistListEntry) -> String {
    if let Some(letter) = &entry.letters_outstanding {
        return format!("letter due {} for {}", letter.letter_due, letter.clinical_context);
    }
    if let Some(review) = &entry.referralsfor_review {
        let since = review.clinical_info_first_submitted.as_ref().unwrap_or(&review.e_referral_pathway_start);
        return format!("to review, waiting since {since}");
    }
    if entry.awaiting_booking.is_some() {
        return "to book".to_owned();
    }
    if entry.appointment_slot_issues.is_some() {
        return "no slot was found".to_owned();
    }
    if entry.advice_and_guidance_requests.is_some() {
        return "advice to give".to_owned();
    }
    "to look at".to_owned()
}
