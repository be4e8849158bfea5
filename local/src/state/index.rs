//! Where records are found without looking at all of them. It is made of the records as they were committed, and kept nowhere.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use super::code::Priority;
use super::worklist::Worklist;
use super::{AdviceRequest, Appointment, Change, File, Referral, Slot, State};
use crate::moment::Moment;

/// Groups of keys in an order, and the groups that each key is in.
#[derive(Debug, Clone, PartialEq)]
struct Groups<G, O> {
    groups: BTreeMap<G, BTreeSet<(O, Reverse<String>)>>,
    of_key: HashMap<String, (O, Vec<G>)>,
}

impl<G, O> Default for Groups<G, O> {
    fn default() -> Self {
        Self { groups: BTreeMap::new(), of_key: HashMap::new() }
    }
}

impl<G: Ord + Clone, O: Ord + Copy> Groups<G, O> {
    /// Puts a key into groups, and out of those that it was in.
    fn put(&mut self, key: &str, order: O, groups: Vec<G>) {
        if self.of_key.get(key).is_some_and(|(was, known)| *was == order && *known == groups) {
            return;
        }
        if let Some((order, known)) = self.of_key.remove(key) {
            let place = (order, Reverse(key.to_owned()));
            for group in known {
                let Some(members) = self.groups.get_mut(&group) else { continue };
                members.remove(&place);
                if members.is_empty() {
                    self.groups.remove(&group);
                }
            }
        }
        for group in &groups {
            self.groups.entry(group.clone()).or_default().insert((order, Reverse(key.to_owned())));
        }
        if !groups.is_empty() {
            self.of_key.insert(key.to_owned(), (order, groups));
        }
    }

    fn get(&self, group: &G) -> Option<&BTreeSet<(O, Reverse<String>)>> {
        self.groups.get(group)
    }
}

/// Where records are found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Index {
    /// Referrals on worklists, by whose they are, the newest first.
    lists: Groups<(Worklist, String), Reverse<Moment>>,
    /// Advice requests that are to be answered, by service, the newest first.
    advice: Groups<String, Reverse<Moment>>,
    /// Slots that nobody has, by service and what they are for, the earliest first.
    free: Groups<(String, Priority), Moment>,
    /// Files that are attached to nothing, the oldest first.
    loose: Groups<(), Moment>,
    /// Appointments that there have been, by referral.
    appointments: Groups<String, Moment>,
}

impl Index {
    fn referral(&mut self, ubrn: &str, referral: Option<&Referral>, appointment: Option<&Appointment>) {
        let created = referral.map(|referral| referral.created).unwrap_or_default();
        let lists = referral.into_iter().flat_map(|referral| Worklist::of_referral(referral, appointment));
        let lists = lists.map(|(list, whose)| (list, whose.to_owned())).collect();
        self.lists.put(ubrn, Reverse(created), lists);
    }

    fn advice(&mut self, ubrn: &str, advice: Option<&AdviceRequest>) {
        let listed = advice.filter(|advice| advice.category.is_listed());
        let created = listed.map(|advice| advice.created).unwrap_or_default();
        let services = listed.map(|advice| advice.service.clone()).into_iter().collect();
        self.advice.put(ubrn, Reverse(created), services);
    }

    fn slot(&mut self, id: &str, slot: Option<&Slot>) {
        let free = slot.filter(|slot| slot.taken_by.is_none());
        let start = free.map(|slot| slot.start).unwrap_or_default();
        let groups = free.map(|slot| (slot.service.clone(), slot.appointment_type)).into_iter().collect();
        self.free.put(id, start, groups);
    }

    fn file(&mut self, id: &str, file: Option<&File>) {
        let loose = file.filter(|file| file.link.is_none());
        let uploaded = loose.map(|file| file.uploaded).unwrap_or_default();
        self.loose.put(id, uploaded, loose.map(|_| ()).into_iter().collect());
    }

    fn appointment(&mut self, id: &str, appointment: Option<&Appointment>) {
        let created = appointment.map(|appointment| appointment.created).unwrap_or_default();
        let ubrns = appointment.map(|appointment| appointment.ubrn.clone()).into_iter().collect();
        self.appointments.put(id, created, ubrns);
    }
}

impl State {
    /// Brings the index to where a record is that was changed.
    pub(super) fn find_anew(&mut self, change: &Change) {
        match change {
            Change::Referral(ubrn, referral) => self.find_referral_anew(ubrn, referral.as_deref()),
            Change::Appointment(id, appointment) => {
                self.index.appointment(id, appointment.as_deref());
                let Some(ubrn) = appointment.as_ref().map(|appointment| &appointment.ubrn) else { return };
                let referral = self.referrals.get(ubrn);
                // A former appointment says nothing of where the referral is.
                if let Some(referral) = referral.filter(|it| it.appointment.as_ref() == Some(id)) {
                    self.index.referral(ubrn, Some(referral), appointment.as_deref());
                }
            }
            Change::Advice(ubrn, advice) => self.index.advice(ubrn, advice.as_deref()),
            Change::Slot(id, slot) => self.index.slot(id, slot.as_deref()),
            Change::File(id, file) => self.index.file(id, file.as_deref()),
            Change::Counters(..) | Change::Content(..) | Change::Attempt(..) | Change::Retrievals(..) => {}
        }
    }

    fn find_referral_anew(&mut self, ubrn: &str, referral: Option<&Referral>) {
        let id = referral.and_then(|referral| referral.appointment.as_deref());
        self.index.referral(ubrn, referral, id.and_then(|id| self.appointments.get(id)));
    }

    /// Referrals on a list of those, the newest first.
    pub(crate) fn listed<'s>(
        &'s self,
        list: Worklist,
        whose: impl Iterator<Item = &'s str>,
    ) -> impl Iterator<Item = &'s Referral> {
        let groups = whose.filter_map(move |whose| self.index.lists.get(&(list, whose.to_owned())));
        newest_first(groups).filter_map(|ubrn| self.referrals.get(ubrn))
    }

    /// Advice requests of those services that are to be answered, the newest first.
    pub(crate) fn advice_listed<'s>(
        &'s self,
        services: impl Iterator<Item = &'s str>,
    ) -> impl Iterator<Item = &'s AdviceRequest> {
        let groups = services.filter_map(|service| self.index.advice.get(&service.to_owned()));
        newest_first(groups).filter_map(|ubrn| self.advice.get(ubrn))
    }

    /// Slots of a service that nobody has, for appointments of a type that begin after a moment, the earliest first.
    pub(crate) fn free_slots(
        &self,
        service: &str,
        kind: Priority,
        after: Moment,
    ) -> impl Iterator<Item = &Slot> {
        let all = self.index.free.get(&(service.to_owned(), kind)).into_iter();
        // Keys are in reverse order: behind all of that moment is the empty one.
        let from = Bound::Excluded((after, Reverse(String::new())));
        let later = all.flat_map(move |all| all.range((from.clone(), Bound::Unbounded)));
        later.filter_map(|(_, id)| self.slots.get(&id.0))
    }

    /// How many slots nobody has.
    pub fn free_slot_count(&self) -> usize {
        self.index.free.of_key.len()
    }

    /// Files that are attached to nothing, and were uploaded by that moment.
    pub(crate) fn loose_files(&self, by: Moment) -> impl Iterator<Item = &str> {
        let all = self.index.loose.get(&()).into_iter().flatten();
        all.take_while(move |(uploaded, _)| *uploaded <= by).map(|(_, id)| id.0.as_str())
    }

    /// All appointments that a referral has had, the oldest first.
    pub fn appointments_of(&self, ubrn: &str) -> impl Iterator<Item = &Appointment> {
        let all = self.index.appointments.get(&ubrn.to_owned()).into_iter().flatten();
        all.filter_map(|(_, id)| self.appointments.get(&id.0))
    }
}

/// The keys of several groups in one order.
fn newest_first<'s>(
    groups: impl Iterator<Item = &'s BTreeSet<(Reverse<Moment>, Reverse<String>)>>,
) -> impl Iterator<Item = &'s str> {
    let mut all: Vec<_> = groups.flatten().collect();
    all.sort_unstable();
    all.into_iter().map(|(_, key)| key.0.as_str())
}
