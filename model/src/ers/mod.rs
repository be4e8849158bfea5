//! The NHS e-Referral Service: its profiles as structs.

#[cfg(feature = "r4")]
pub mod r4;
#[cfg(feature = "stu3")]
pub mod stu3;
