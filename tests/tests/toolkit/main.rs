//! The toolkit as a whole: HL7's examples, the conformance yardstick, e-RS payloads, the examples of
//! every rule, and hostile input. One binary, so that it is linked once.

mod arrows;
mod conformance;
mod create_referral;
mod examples;
mod faults;
mod hostile;
mod known_faults;
mod rules;
