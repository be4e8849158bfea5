//! Pathways: the operations to call, in order, to get something done.

/// Operations in the order in which they are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pathway {
    /// A short name, for addresses.
    pub id: &'static str,
    /// Its title.
    pub name: &'static str,
    /// What it achieves.
    pub says: &'static str,
    /// Its steps: the id of an operation, and what it does there.
    pub steps: &'static [(&'static str, &'static str)],
}

/// Every pathway; each operation is a step of at least one.
pub fn pathways() -> &'static [Pathway] {
    PATHWAYS
}

static PATHWAYS: &[Pathway] = &[
    Pathway {
        id: "start",
        name: "Before the first call",
        says: "Find out the business functions of the user, whom they may act for, and which codes the service \
             currently accepts.",
        steps: &[
            (
                "A030",
                "Ask which business functions the user has, and at which organisations; function and \
                 organisation go into the headers of every other call.",
            ),
            (
                "A040",
                "As the admin of a provider's clinicians: list the clinicians whom you may act for. The id of \
                 one goes into NHSD-eRS-On-Behalf-Of-User-ID.",
            ),
            (
                "A004",
                "Fetch the lists of reference data, such as priorities and reasons for cancelling. Keep them for a day at most: they change.",
            ),
        ],
    },
    Pathway {
        id: "refer-and-book",
        name: "Refer a patient and book an appointment",
        says: "From the search for a service to an appointment, and back if plans change.",
        steps: &[
            ("A010", "Search the services that the patient may be booked into."),
            ("A035", "Or look services up by their ids, to show their details."),
            ("A033", "Read one service in full."),
            ("A037", "Ask whether a service that was read before has changed since."),
            (
                "A011",
                "Create the referral with a shortlist of services. It is NOT_BOOKED now, and has a UBRN.",
            ),
            ("A020", "Upload each letter, naming the UBRN."),
            ("A012", "Attach the letters to the referral. They replace any earlier letters."),
            ("A015", "Fetch the free slots of a service on the shortlist."),
            (
                "A016",
                "Book one of them. If there is none, or the booking fails, defer to the provider and give the \
                 reason.",
            ),
            ("A019", "Print the letter that tells the patient what to do next."),
            ("A038", "Read the appointment, before it is changed."),
            ("A034", "Cancel the appointment for the patient; the referral stays."),
            ("A031", "Change the shortlist of a referral without an appointment, to look elsewhere."),
            ("A036", "Cancel the referral as a whole. This cannot be undone."),
        ],
    },
    Pathway {
        id: "triage",
        name: "Triage and review",
        says: "A referrer sends a referral for triage; a provider reviews it and decides how it continues.",
        steps: &[
            ("A011", "The referrer creates the referral, with a service that does triage on the shortlist."),
            (
                "A016",
                "The referrer asks for triage: an appointment of status proposed with the reason TRIAGE.",
            ),
            ("A021", "Deprecated: both in one call. Use A011 and A016."),
            ("A032", "Deprecated: a new shortlist and a request for triage in one call. Use A031 and A016."),
            ("A008", "The provider lists the referrals that wait for review."),
            ("A005", "The provider reads the referral; its version goes into If-Match of the next calls."),
            ("A029", "The provider asks which actions the user may take on it now."),
            ("A007", "The provider fetches clinical information as a PDF."),
            (
                "A028",
                "The provider records the outcome of triage: accepted for booking later, or returned with \
                 advice.",
            ),
            ("A013", "For a directly booked referral: accept it."),
            ("A014", "Or reject it; the appointment is cancelled."),
            ("A022", "Or cancel the appointment and decide later."),
        ],
    },
    Pathway {
        id: "advice",
        name: "Advice and guidance",
        says: "A referrer asks a specialist; the conversation ends with advice or becomes a referral.",
        steps: &[
            ("A020", "Upload files that go with the question, without naming a UBRN: there is none yet."),
            ("A044", "Create the advice request with the first message."),
            ("A023", "The provider lists the requests that wait for an answer."),
            ("A024", "Read the summary of a request, which has its version."),
            ("A025", "Read the messages of the conversation."),
            ("A043", "Fetch an overview of the request as a PDF."),
            ("A026", "The provider answers: advice, or a question in return."),
            (
                "A027",
                "The provider converts the request to a referral, if the referrer allowed it. The UBRN stays \
                 the same.",
            ),
            ("A041", "Find the referral and the advice request that share a UBRN."),
        ],
    },
    Pathway {
        id: "worklists",
        name: "Worklists",
        says: "The tasks that wait, by who has to act. Lists give an overview and say little about each \
             record; read the record for the rest.",
        steps: &[
            ("A008", "Lists of referrals, for referrers and providers: which one is a parameter."),
            ("A023", "Lists of advice requests, for providers."),
            ("A005", "Read a referral of a list."),
            ("A024", "Read an advice request of a list."),
            ("A029", "Ask what the user may do with a referral now."),
        ],
    },
    Pathway {
        id: "attachments",
        name: "Attachments and letters",
        says: "Files are first uploaded and then attached. The service checks each file before it can be \
             fetched.",
        steps: &[
            (
                "A020",
                "Upload the file; Location of the answer has its id. Name the UBRN if it is for an existing \
                 request.",
            ),
            ("A012", "Attach letters to a referral; send all of them each time, since the set is replaced."),
            ("A044", "Attach files to a new advice request."),
            ("A026", "Attach files to an answer to an advice request."),
            (
                "A042",
                "Fetch an attached file: the answer is a download address that is valid for a short time.",
            ),
            ("A006", "Deprecated: fetch a file of 5 MB at most. Use A042."),
            ("A007", "Fetch the clinical information of a referral as one PDF."),
            ("A043", "Fetch an overview of an advice request as one PDF."),
            ("A019", "Fetch the letter for the patient as a PDF."),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::pathways;
    use crate::service::{endpoints, find};

    #[test]
    fn every_operation_is_a_step_and_every_step_an_operation() {
        let steps = || pathways().iter().flat_map(|pathway| pathway.steps);
        for (id, _) in steps() {
            assert!(find(id).next().is_some(), "{id}");
        }
        for endpoint in endpoints() {
            assert!(steps().any(|(id, _)| *id == endpoint.id), "{} is a step of no pathway", endpoint.id);
        }
    }
}
