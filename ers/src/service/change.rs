//! Changes of the service with their dates, past and announced.

/// A change of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Day, or month where the day is not known.
    pub date: &'static str,
    /// The kind of the change.
    pub kind: ChangeKind,
    /// The operations that it concerns; empty for all.
    pub endpoints: &'static [&'static str],
    /// The change, in words.
    pub says: &'static str,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It happened.
    Done,
    /// It was announced for that date.
    Announced,
    /// Something will be withdrawn.
    Deprecated,
}

impl ChangeKind {
    /// The kind in one word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "changed",
            Self::Announced => "announced",
            Self::Deprecated => "deprecated",
        }
    }
}

/// Every change, the oldest first.
pub fn changes() -> &'static [Change] {
    CHANGES
}

const fn change(
    date: &'static str,
    kind: ChangeKind,
    endpoints: &'static [&'static str],
    says: &'static str,
) -> Change {
    Change { date, kind, endpoints, says }
}

static CHANGES: &[Change] = &[
    change(
        "2023-05",
        ChangeKind::Done,
        &["A010"],
        "commissioningProvisioning is ignored: all services that can be booked are found.",
    ),
    change(
        "2024-03",
        ChangeKind::Done,
        &["A016"],
        "A referral may have bookable and triage services on one shortlist.",
    ),
    change("2024-05", ChangeKind::Done, &["A044"], "Advice requests can be created."),
    change(
        "2024-08",
        ChangeKind::Done,
        &["A033", "A035", "A037"],
        "Referrers' applications may read services on their own.",
    ),
    change(
        "2024-10",
        ChangeKind::Done,
        &["A010"],
        "Searches for an existing referral must name its commissioningRuleOrganisation.",
    ),
    change("2024-10", ChangeKind::Done, &[], "Users may log in at authenticator level AAL2."),
    change(
        "2024-11",
        ChangeKind::Done,
        &[],
        "All answers with 403 of STU3 operations are OperationOutcomes with diagnostics.",
    ),
    change(
        "2025-01-21",
        ChangeKind::Done,
        &[],
        "Instants without a time are refused; refusing those without a time zone is announced.",
    ),
    change("2025-01-21", ChangeKind::Done, &["A008"], "Applications may fetch the list of slot issues."),
    change(
        "2025-01-22",
        ChangeKind::Done,
        &[],
        "Identifiers of referrals and advice requests begin with r. and a.",
    ),
    change("2025-02-18", ChangeKind::Done, &["A042"], "Attachments have a status and are fetched with A042."),
    change(
        "2025-02-18",
        ChangeKind::Deprecated,
        &["A006"],
        "A006 is replaced by A042; it was to be withdrawn in February 2026, and may be gone.",
    ),
    change("2025-03-28", ChangeKind::Done, &[], "503 is documented for all operations."),
    change("2025-08-11", ChangeKind::Done, &["A013"], "Applications may accept referrals."),
    change(
        "2025-09",
        ChangeKind::Done,
        &[],
        "The gateway sets special business functions for applications; no user may send them.",
    ),
    change("2025-09-24", ChangeKind::Done, &[], "The gateway checks NHSD-End-User-Organisation-ODS."),
    change(
        "2025-12-16",
        ChangeKind::Done,
        &["A008"],
        "Items of REFERRALS_FOR_REVIEW carry the version of the referral.",
    ),
    change(
        "2026-01-30",
        ChangeKind::Done,
        &["A023"],
        "Items of the list carry the version of the advice request.",
    ),
    change(
        "2026-01-30",
        ChangeKind::Done,
        &["A029", "A036"],
        "Applications may call them, and providers may cancel referrals.",
    ),
    change(
        "2026-03-09",
        ChangeKind::Announced,
        &["A044"],
        "Advice and guidance is being rebuilt: test releases are behind a flag from this day. A044 serves \
         until then.",
    ),
    change(
        "2026-06-01",
        ChangeKind::Announced,
        &["A006", "A020", "A042"],
        "Release 2 of attachments in the integration environment: uploads are checked after the answer, so \
         PENDING, VALIDATION_FAILED and THREATS_FOUND really occur.",
    ),
    change(
        "2026-06-08",
        ChangeKind::Done,
        &["A042"],
        "422 is documented: PENDING, THREATS_FOUND, VALIDATION_FAILED.",
    ),
    change(
        "2026-07",
        ChangeKind::Announced,
        &["A023", "A024", "A025", "A026", "A027", "A044"],
        "All advice requests go through e-RS: from July 2026 in its own interface, from October 2026 in those \
         of other suppliers.",
    ),
    change(
        "2026-07-31",
        ChangeKind::Announced,
        &["A006", "A020", "A042"],
        "Release 2 of attachments in production: a client that cannot handle PENDING fails from here on. \
         Larger files (100 MB) are to follow in another way; A006 and A020 stay at 5 MB.",
    ),
];

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::service::find;

    #[test]
    fn changes_are_in_order_and_of_operations_that_exist() {
        assert!(changes().is_sorted_by_key(|change| change.date));
        for change in changes() {
            assert!(change.endpoints.iter().all(|id| find(id).next().is_some()), "{}", change.says);
        }
    }
}
