//! Codes of countries.
//!
//! Source: ISO 3166-1, and ISO 3166-3 for former names.

use super::code_set::{Pairs, Triples};

/// Codes of two letters.
const ALPHA_2: Pairs = Pairs::of_words(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
     BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH \
     ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT \
     HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS \
     LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI \
     NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG \
     SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
     UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW",
);

/// Codes of three letters.
const ALPHA_3: Triples = Triples::of_words(
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR \
     BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL \
     COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK \
     FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV \
     HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO \
     LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG \
     MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN \
     PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE \
     SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO \
     TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE",
);

/// Codes of three digits.
const NUMERIC: [u16; 249] = [
    4, 8, 10, 12, 16, 20, 24, 28, 31, 32, 36, 40, 44, 48, 50, 51, 52, 56, 60, 64, 68, 70, 72, 74, 76, 84, 86,
    90, 92, 96, 100, 104, 108, 112, 116, 120, 124, 132, 136, 140, 144, 148, 152, 156, 158, 162, 166, 170,
    174, 175, 178, 180, 184, 188, 191, 192, 196, 203, 204, 208, 212, 214, 218, 222, 226, 231, 232, 233, 234,
    238, 239, 242, 246, 248, 250, 254, 258, 260, 262, 266, 268, 270, 275, 276, 288, 292, 296, 300, 304, 308,
    312, 316, 320, 324, 328, 332, 334, 336, 340, 344, 348, 352, 356, 360, 364, 368, 372, 376, 380, 384, 388,
    392, 398, 400, 404, 408, 410, 414, 417, 418, 422, 426, 428, 430, 434, 438, 440, 442, 446, 450, 454, 458,
    462, 466, 470, 474, 478, 480, 484, 492, 496, 498, 499, 500, 504, 508, 512, 516, 520, 524, 528, 531, 533,
    534, 535, 540, 548, 554, 558, 562, 566, 570, 574, 578, 580, 581, 583, 584, 585, 586, 591, 598, 600, 604,
    608, 612, 616, 620, 624, 626, 630, 634, 638, 642, 643, 646, 652, 654, 659, 660, 662, 663, 666, 670, 674,
    678, 682, 686, 688, 690, 694, 702, 703, 704, 705, 706, 710, 716, 724, 728, 729, 732, 740, 744, 748, 752,
    756, 760, 762, 764, 768, 772, 776, 780, 784, 788, 792, 795, 796, 798, 800, 804, 807, 818, 826, 831, 832,
    833, 834, 840, 850, 854, 858, 860, 862, 876, 882, 887, 894,
];

/// Former and reserved codes of two letters: `UK`, `EU`, `SU`.
const RESERVED_2: Pairs = Pairs::of_words(
    "AC AN BU BX CP CQ CS CT DD DG DY EA EF EM EP EU EV EW EZ FL FQ FX HV IB IC JA JT LF MI NH NQ NT PC \
     PI PU PZ RA RB RC RH RI RL RM RN RP SF SU TA TP UK UN VD WG WK WL WO WV YD YU YV ZR",
);

/// Former and reserved codes of three letters.
const RESERVED_3: Triples = Triples::of_words(
    "AFI ANT ASC ATB ATN BUR BYS CPT CSK CTE DDR DGA DHY EUE FXX GEL HVO JTN MID NHB NTZ PCI PCZ PUS RHO \
     ROM SCG SKM SUN TAA TMP VDR WAK YMD YUG ZAR",
);

/// Former codes of three digits.
const FORMER: [u16; 23] = [
    128, 200, 216, 230, 249, 278, 280, 396, 488, 530, 532, 536, 582, 590, 658, 720, 736, 810, 849, 872, 886,
    890, 891,
];

/// Whether the text is a code of ISO 3166-1, alphabetic or numeric; `None` where it is a former code, is
/// reserved, or is left to users (`XK`).
pub(super) fn accepts(code: &str) -> Option<bool> {
    let bytes = code.as_bytes();
    let (is_listed, may_be) = match bytes {
        _ if bytes.len() == 3 && bytes.iter().all(u8::is_ascii_digit) => {
            let number = code.parse().unwrap_or(0);
            let is_former = FORMER.binary_search(&number).is_ok();
            (NUMERIC.binary_search(&number).is_ok(), is_former || number >= 900)
        }
        _ if !bytes.iter().all(u8::is_ascii_uppercase) => (false, false),
        [first, second] => {
            let is_for_users =
                matches!((first, second), (b'A', b'A') | (b'Q', b'M'..) | (b'X', _) | (b'Z', b'Z'));
            (ALPHA_2.contains(code), is_for_users || RESERVED_2.contains(code))
        }
        [first, second, _] => {
            let is_for_users =
                matches!((first, second), (b'A', b'A') | (b'Q', b'M'..) | (b'X', _) | (b'Z', b'Z'));
            (ALPHA_3.contains(code), is_for_users || RESERVED_3.contains(code))
        }
        _ => (false, false),
    };
    if is_listed {
        Some(true)
    } else if may_be {
        None
    } else {
        Some(false)
    }
}

/// Whether the text may be a code of ISO 3166-2, for a part of a country; the list of parts is not
/// known here.
pub(super) fn accepts_part(code: &str) -> Option<bool> {
    let fits = code.split_once('-').is_some_and(|(country, part)| {
        country.len() == 2
            && accepts(country) != Some(false)
            && (1..=3).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    });
    if fits { None } else { Some(false) }
}

#[cfg(test)]
mod tests {
    use super::{FORMER, NUMERIC, accepts, accepts_part};

    #[test]
    fn numbers_are_in_order() {
        assert!(NUMERIC.is_sorted() && FORMER.is_sorted());
    }

    #[test]
    fn a_country_has_three_codes() {
        for country in ["GB", "GBR", "826", "AD", "004", "ZWE"] {
            assert_eq!(accepts(country), Some(true), "{country}");
        }
        for other in ["XK", "UK", "EU", "SUN", "891", "900", "ZZ", "QMA"] {
            assert_eq!(accepts(other), None, "{other}");
        }
        for wrong in ["", "G", "gb", "Gb", "XYZW", "JK", "GBX", "005", "82", "0826", "É", "ÉÉ"] {
            assert_eq!(accepts(wrong), Some(false), "{wrong}");
        }
    }

    #[test]
    fn a_part_of_a_country_begins_with_it() {
        for part in ["GB-ENG", "US-CA", "FR-75C", "AT-9"] {
            assert_eq!(accepts_part(part), None, "{part}");
        }
        for wrong in ["GB", "GB-", "GBENG", "JK-ENG", "GB-eng", "GB-ENGL"] {
            assert_eq!(accepts_part(wrong), Some(false), "{wrong}");
        }
    }
}
