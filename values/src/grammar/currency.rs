//! Currencies.
//!
//! Source: ISO 4217, tables A.1 and A.3, and the list of the value set `currencies` of FHIR R4.

use super::code_set::Triples;

/// Codes in use, and others that FHIR R4 lists as well.
const CURRENT: Triples = Triples::of_words(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN \
     BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD \
     FKP GBP GEL GGP GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS IMP INR IQD IRR ISK JEP JMD JOD \
     JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR \
     MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF \
     SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TVD TWD \
     TZS UAH UGX USD USN UYI UYU UYW UZS VED VEF VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG \
     XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL",
);

/// Codes of former currencies, which old records may still hold.
const WITHDRAWN: Triples = Triples::of_words(
    "AFA ALK AOK AON AOR ARA ARL ARM ARP ARY ATS AYM AZM BAD BEC BEF BEL BGJ BGK BGL BOP BRB BRC BRE BRN \
     BRR BUK BYB BYR CHC CLE CSD CSJ CSK CYP DDM DEM ECS ECV EEK ESA ESB ESP EUA FIM FRF GEK GHC GHP GNE \
     GNS GQE GRD GWE GWP HRD IEP ILP ILR ISJ ITL LAJ LSM LTL LTT LUC LUF LUL LVL LVR MGF MLF MRO MTL MTP \
     MVQ MXP MZE MZM NIC NLG PEH PEI PES PLZ PTE RHD ROK ROL RUR SDD SDP SIT SKK SRG STD SUR TJR TMM TPE \
     TRL UAK UGS UGW USS UYN UYP VEB VNC XEU XFO XFU XRE YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWC ZWD ZWN ZWR",
);

/// Whether the text is the code of a currency; `None` for a former one.
pub(super) fn accepts(code: &str) -> Option<bool> {
    let is_written_so = code.bytes().all(|byte| byte.is_ascii_uppercase());
    match (is_written_so && CURRENT.contains(code), is_written_so && WITHDRAWN.contains(code)) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn a_currency_is_in_use_or_was() {
        for current in ["GBP", "EUR", "XAU", "XCG", "XXX"] {
            assert_eq!(accepts(current), Some(true), "{current}");
        }
        for withdrawn in ["DEM", "ITL", "ZWD"] {
            assert_eq!(accepts(withdrawn), None, "{withdrawn}");
        }
        for wrong in ["", "gbp", "GB", "GBPS", "QQQ", "XXQ", "€", "G P", "826"] {
            assert_eq!(accepts(wrong), Some(false), "{wrong}");
        }
    }
}
