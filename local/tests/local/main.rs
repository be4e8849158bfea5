//! A local service, asked as clients ask it: every answer is checked as a client's would be.

mod grown;
mod model;
mod pathways;
mod refusals;
mod support;
