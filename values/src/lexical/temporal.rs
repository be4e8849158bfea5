//! Dates and times: form, time zone, and whether the day exists.

use crate::FhirVersion;

use super::fault::Fault;
use crate::calendar::days_in_month;

const DATE: &str = "YYYY, YYYY-MM or YYYY-MM-DD";
const DATE_TIME: &str = "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz";
const INSTANT: &str = "YYYY-MM-DDThh:mm:ss+zz:zz";
const TIME: &str = "hh:mm:ss";

/// The precision of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Precision {
    Partial,
    Day,
}

pub(super) fn date(text: &str, version: FhirVersion) -> Result<(), Fault> {
    let mut scan = Scan::new(text);
    scan.date(version, DATE)?;
    scan.end(DATE)
}

pub(super) fn date_time(text: &str, version: FhirVersion) -> Result<(), Fault> {
    let mut scan = Scan::new(text);
    if scan.date(version, DATE_TIME)? == Precision::Partial || scan.is_at_end() {
        return scan.end(DATE_TIME);
    }
    scan.time_with_zone(DATE_TIME)
}

pub(super) fn instant(text: &str) -> Result<(), Fault> {
    let mut scan = Scan::new(text);
    // An instant never had negative years, in either release.
    if scan.date(FhirVersion::R4, INSTANT)? == Precision::Partial {
        return Err(Fault::form(INSTANT));
    }
    scan.time_with_zone(INSTANT)
}

pub(super) fn time(text: &str, version: FhirVersion) -> Result<(), Fault> {
    let mut scan = Scan::new(text);
    // Leap seconds came to `time` with R4; `dateTime` has had them all along.
    let last_second = if version == FhirVersion::Stu3 { 59 } else { 60 };
    scan.time(last_second, TIME)?;
    scan.end(TIME)
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes() }
    }

    fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn end(&self, form: &'static str) -> Result<(), Fault> {
        if self.is_at_end() { Ok(()) } else { Err(Fault::form(form)) }
    }

    fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, byte: u8, form: &'static str) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { Err(Fault::form(form)) }
    }

    /// Exactly this many digits.
    fn number(&mut self, digits: usize, form: &'static str) -> Result<u16, Fault> {
        let (number, rest) = self.rest.split_at_checked(digits).ok_or(Fault::form(form))?;
        let mut value = 0;
        for byte in number {
            if !byte.is_ascii_digit() {
                return Err(Fault::form(form));
            }
            value = value * 10 + u16::from(byte - b'0');
        }
        self.rest = rest;
        Ok(value)
    }

    fn two(&mut self, form: &'static str) -> Result<u8, Fault> {
        u8::try_from(self.number(2, form)?).map_err(|_| Fault::form(form))
    }

    fn date(&mut self, version: FhirVersion, form: &'static str) -> Result<Precision, Fault> {
        if version == FhirVersion::Stu3 {
            // The STU3 forms allow years before the common era.
            self.eat(b'-');
        }
        let year = self.number(4, form)?;
        if year == 0 {
            return Err(Fault::range("there is no year 0000"));
        }
        if !self.eat(b'-') {
            return Ok(Precision::Partial);
        }
        let month = self.two(form)?;
        if !(1..=12).contains(&month) {
            return Err(Fault::range("months run from 01 to 12"));
        }
        if !self.eat(b'-') {
            return Ok(Precision::Partial);
        }
        let day = self.two(form)?;
        if !(1..=days_in_month(year.into(), month)).contains(&day) {
            return Err(Fault::range("the month has no such day"));
        }
        Ok(Precision::Day)
    }

    fn time(&mut self, last_second: u16, form: &'static str) -> Result<(), Fault> {
        let hour = self.number(2, form)?;
        self.expect(b':', form)?;
        let minute = self.number(2, form)?;
        if !self.eat(b':') {
            return Err(Fault::form("hh:mm:ss: seconds are required"));
        }
        let second = self.number(2, form)?;
        if hour > 23 || minute > 59 || second > last_second {
            return Err(Fault::range("times run from 00:00:00 to 23:59:59"));
        }
        if self.eat(b'.') {
            let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return Err(Fault::form(form));
            }
            self.rest = &self.rest[digits..];
        }
        Ok(())
    }

    fn time_with_zone(&mut self, form: &'static str) -> Result<(), Fault> {
        self.expect(b'T', form)?;
        self.time(60, form)?;
        if self.is_at_end() {
            return Err(Fault::TIME_ZONE);
        }
        if !self.eat(b'Z') {
            if !(self.eat(b'+') || self.eat(b'-')) {
                return Err(Fault::form(form));
            }
            let hours = self.number(2, form)?;
            self.expect(b':', form)?;
            let minutes = self.number(2, form)?;
            if minutes > 59 || hours * 60 + minutes > 14 * 60 {
                return Err(Fault::range("time zones run from -14:00 to +14:00"));
            }
        }
        self.end(form)
    }
}
