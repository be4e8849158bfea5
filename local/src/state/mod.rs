//! The memory of the service: records in tables, changed by one call at a time, completely or not
//! at all.

mod advice;
mod appointment;
mod code;
mod file;
mod index;
mod referral;
mod slot;
mod table;
mod worklist;

pub use advice::{AdviceRequest, Author, Category, Message, SentBy};
pub use appointment::{Appointment, Status};
pub use code::{Priority, Reason, ReasonList};
pub use file::{Availability, Content, DocumentKind, File, Link, Scan};
pub use referral::{Referral, ReferralState};
pub use slot::{Attempt, Failure, Retrievals, Slot};
pub use table::Table;
pub use worklist::Worklist;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use index::Index;

/// Number sequences, and the setting of the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Counters {
    /// The last UBRN.
    pub ubrn: u64,
    /// The last id of an appointment, document or message.
    pub number: u64,
    /// How many UUIDs were issued.
    pub uuids: u64,
    /// Milliseconds by which the clock of the service is ahead of that of the machine.
    pub clock_ahead: i64,
}

impl Default for Counters {
    fn default() -> Self {
        Self { ubrn: 49_900_000, number: 70_000, uuids: 0, clock_ahead: 0 }
    }
}

/// Declares the tables, and the changes in each.
macro_rules! state {
    ($($(#[$doc:meta])* $field:ident / $variant:ident: $row:ty,)+) => {
        /// Everything that the service remembers.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct State {
            $($(#[$doc])* pub $field: Table<$row>,)+
            index: Index,
        }

        /// A changed record, or its removal, as a journal holds it.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase")]
        pub enum Change {
            $(
                $(#[$doc])*
                $variant(String, Option<Box<$row>>),
            )+
        }

        impl State {
            /// Commits the changes since the last commit, and returns them.
            pub fn commit(&mut self) -> Vec<Change> {
                let mut changes = Vec::new();
                $(
                    let rows = self.$field.commit();
                    changes.extend(rows.into_iter().map(|(key, row)| Change::$variant(key, row.map(Box::new))));
                )+
                for change in &changes {
                    self.find_anew(change);
                }
                changes
            }

            /// Rolls back the changes since the last commit.
            pub fn roll_back(&mut self) {
                $(self.$field.roll_back();)+
            }

            /// Applies a change from a journal.
            pub fn put(&mut self, change: Change) {
                self.find_anew(&change);
                match change {
                    $(Change::$variant(key, row) => self.$field.put(key, row.map(|row| *row)),)+
                }
            }

            /// Every record, as changes that turn an empty state into this one.
            pub fn records(&self) -> impl Iterator<Item = Change> {
                let all = std::iter::empty();
                $(
                    let all = all.chain(self.$field.iter().map(|(key, row)| {
                        Change::$variant(key.to_owned(), Some(Box::new(row.clone())))
                    }));
                )+
                all
            }
        }
    };
}

state! {
    /// Number sequences; one row, without a key.
    counters / Counters: Counters,
    /// Referrals, by UBRN.
    referrals / Referral: Referral,
    /// Advice requests, by UBRN.
    advice / Advice: AdviceRequest,
    /// Appointments, by id.
    appointments / Appointment: Appointment,
    /// Metadata of files, by UUID.
    files / File: File,
    /// Contents of files, by UUID.
    contents / Content: Content,
    /// Slots, by id.
    slots / Slot: Slot,
    /// The last booking of each referral that failed, by UBRN.
    attempts / Attempt: Attempt,
    /// How often applications have asked for worklists, by application and service.
    retrievals / Retrievals: Retrievals,
}

impl State {
    fn count(&mut self, change: impl FnOnce(&mut Counters)) -> Counters {
        let mut counters = self.counters();
        change(&mut counters);
        self.counters.set("", counters.clone());
        counters
    }

    /// The number sequences.
    pub fn counters(&self) -> Counters {
        self.counters.get("").cloned().unwrap_or_default()
    }

    /// Sets how far the clock is ahead of that of the machine.
    pub fn set_clock_ahead(&mut self, millis: i64) {
        self.count(|counters| counters.clock_ahead = millis);
    }

    /// The time on the clock of the service, given that of the machine.
    pub fn clock(&self, machine: Moment) -> Moment {
        Moment::of_millis(machine.millis().saturating_add(self.counters().clock_ahead))
    }

    /// An unused UBRN of twelve digits. The check digit of real ones is not public.
    pub(crate) fn new_ubrn(&mut self) -> String {
        loop {
            let number = self.count(|counters| counters.ubrn += 1).ubrn;
            let ubrn = format!("{:012}", number % 1_000_000_000_000);
            if self.referrals.get(&ubrn).is_none() && self.advice.get(&ubrn).is_none() {
                return ubrn;
            }
        }
    }

    /// A number for an appointment, a document or a message.
    pub(crate) fn new_number(&mut self) -> String {
        self.count(|counters| counters.number += 1).number.to_string()
    }

    /// A version 4 UUID; the same state gives the same one.
    pub(crate) fn new_uuid(&mut self) -> String {
        uuid(self.count(|counters| counters.uuids += 1).uuids)
    }
}

/// A number mixed by `SplitMix64`: unique, and always the same for the same number.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A version 4 UUID, the same for the same number.
pub fn uuid(number: u64) -> String {
    let (high, low) = (mixed(number.wrapping_mul(2)), mixed(number.wrapping_mul(2).wrapping_add(1)));
    let bits = (u128::from(high) << 64 | u128::from(low)) & !(0xf << 76) & !(0x3 << 62) | 4 << 76 | 2 << 62;
    let text = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

#[cfg(test)]
mod tests {
    use super::{State, uuid};

    #[test]
    fn uuids_are_of_the_fourth_version_and_differ() {
        let all: std::collections::BTreeSet<String> = (0..2000).map(uuid).collect();
        assert_eq!(all.len(), 2000);
        for uuid in all {
            assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"), "{uuid}");
            assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        }
    }

    #[test]
    fn what_is_rolled_back_never_happened() {
        let mut state = State::default();
        let first = state.new_ubrn();
        assert_eq!(state.commit().len(), 1);
        let before = state.clone();
        assert_ne!(state.new_ubrn(), first);
        state.roll_back();
        assert_eq!(state, before);
        assert!(state.commit().is_empty());
    }

    #[test]
    fn records_bring_an_empty_state_to_where_this_one_is() {
        let mut state = State::default();
        state.new_ubrn();
        state.new_uuid();
        state.commit();
        let mut other = State::default();
        state.records().for_each(|record| other.put(record));
        assert_eq!(other, state);
    }
}
