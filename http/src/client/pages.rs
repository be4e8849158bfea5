//! Results that come in pages.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use ers_fhir_model::ers::RetrieveAppointmentSlots;
use ers_fhir_model::ers::stu3::{AppointmentSlotBundle, AppointmentSlotBundleSlot};
use futures_core::Stream;

use super::auth::Waiting;
use super::caller::Who;
use super::calling::Client;
use super::error::Error;
use super::may::May;
use super::queries::SlotSearch;

/// The most pages that are asked for: a service that always has another page does not keep us for ever.
const MOST_PAGES: u32 = 10_000;

impl<W: Who> Client<W> {
    /// A015: the pages of free slots, each requested on demand.
    pub fn slot_pages(&self, search: SlotSearch) -> SlotPages
    where
        W: May<RetrieveAppointmentSlots>,
    {
        let client = self.clone();
        let last = search.page().saturating_add(MOST_PAGES);
        let fetch = move |search: SlotSearch| -> Waiting<'static, Fetched> {
            let client = client.clone();
            Box::pin(async move { client.retrieve_appointment_slots(search).await })
        };
        SlotPages { next: Some(search), last, fetch: Box::new(fetch), coming: None }
    }

    /// A015: all free slots, page by page.
    pub fn slots(&self, search: SlotSearch) -> Slots
    where
        W: May<RetrieveAppointmentSlots>,
    {
        Slots { pages: self.slot_pages(search), here: VecDeque::new() }
    }
}

type Fetched = Result<AppointmentSlotBundle, Error>;
type Fetch = dyn Fn(SlotSearch) -> Waiting<'static, Fetched> + Send;

/// Pages of free slots. It is a `Stream`; [`next`](Self::next) is for whoever has no use for one.
pub struct SlotPages {
    /// The next request; `None` after the last page or an error.
    next: Option<SlotSearch>,
    last: u32,
    fetch: Box<Fetch>,
    coming: Option<Waiting<'static, Fetched>>,
}

/// Free slots, over all pages. It is a `Stream`; [`next`](Self::next) is for whoever has no use for one.
pub struct Slots {
    pages: SlotPages,
    here: VecDeque<AppointmentSlotBundleSlot>,
}

impl SlotPages {
    /// The next page; `None` at the end.
    pub async fn next(&mut self) -> Option<Fetched> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Slots {
    /// The next slot; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<AppointmentSlotBundleSlot, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for SlotPages {
    type Item = Fetched;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Fetched>> {
        let this = self.get_mut();
        if this.coming.is_none() {
            let Some(search) = &this.next else { return Poll::Ready(None) };
            this.coming = Some((this.fetch)(search.clone()));
        }
        let Some(coming) = &mut this.coming else { return Poll::Ready(None) };
        let Poll::Ready(page) = coming.as_mut().poll(context) else { return Poll::Pending };
        this.coming = None;
        let search = this.next.take();
        if let (Ok(page), Some(search)) = (&page, search) {
            let has_more = page.link.iter().any(|link| link.relation == "next");
            let number = search.page();
            if has_more && number < this.last {
                this.next = Some(search.from_page(number + 1));
            }
        }
        Poll::Ready(Some(page))
    }
}

impl Stream for Slots {
    type Item = Result<AppointmentSlotBundleSlot, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(slot) = this.here.pop_front() {
                return Poll::Ready(Some(Ok(slot)));
            }
            match Pin::new(&mut this.pages).poll_next(context) {
                Poll::Ready(Some(Ok(page))) => this.here = page.slot.into(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl fmt::Debug for SlotPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlotPages").field("next", &self.next).finish_non_exhaustive()
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slots").field("pages", &self.pages).finish_non_exhaustive()
    }
}
