//! Codes that records hold.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares codes: a variant and how it is written.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $display:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As it is written.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// In words.
            pub const fn display(self) -> &'static str {
                match self { $(Self::$variant => $display,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(code: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|known| known.code() == code).ok_or(())
            }
        }
    };
}
pub(super) use codes;

codes! {
    /// How soon a patient is to be seen.
    Priority {
        /// In the usual time.
        Routine = "ROUTINE", "Routine";
        /// Soon.
        Urgent = "URGENT", "Urgent";
        /// Within two weeks.
        TwoWeekWait = "TWO_WEEK_WAIT", "2 Week Wait";
    }
}

impl Priority {
    /// The priority of that code.
    pub(crate) fn of(code: &str) -> Option<Self> {
        Self::from_str(code).ok()
    }
}

codes! {
    /// The list that a reason is of.
    ReasonList {
        /// Why a provider has to look at a referral.
        ReviewReason = "eRS-ReviewReason-1", "";
        /// What came of a review.
        ReviewOutcome = "eRS-ReviewOutcome-1", "";
        /// What came of an assessment.
        AssessmentOutcome = "eRS-AssessmentOutcome-1", "";
        /// Why an appointment was cancelled or a referral rejected.
        AppointmentCancellation = "APPOINTMENT-CANCELLATION-REASON", "";
        /// Why a referral was cancelled.
        ReferralCancellation = "REFERRAL-CANCELLATION-REASON", "";
        /// Why nobody came.
        NonAttendance = "APPOINTMENT-NON-ATTENDANCE-REASON", "";
    }
}

/// Why something is as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reason {
    /// The list.
    pub list: ReasonList,
    /// The code in it.
    pub code: String,
}

impl Reason {
    pub(crate) fn new(list: ReasonList, code: impl Into<String>) -> Self {
        Self { list, code: code.into() }
    }
}
