//! The codes of vital signs: each of them makes an Observation one, and each sign has one LOINC code that all
//! Observations of it carry, alone or in addition.

use ers_fhir_values::form::{LOINC, SNOMED_CT};

/// The LOINC code that Observations with another code of the same vital sign carry as well.
pub(super) fn common(system: &str, code: &str) -> Option<&'static str> {
    match system {
        LOINC => of_loinc(code),
        SNOMED_CT => of_snomed(code),
        _ => None,
    }
}

#[rustfmt::skip]
fn of_loinc(code: &str) -> Option<&'static str> {
    Some(match code {
        "76170-0" | "76172-6" | "76171-8" | "19840-8" | "33438-3" | "76270-8" | "11291-2" => RESPIRATORY_RATE,
        "60978-4" | "73795-7" | "73799-9" | "76476-1" | "76477-9" | "8889-8" | "8890-6" | "8891-4" | "8892-2"
        | "8893-0" | "40443-4" | "55425-3" | "68999-2" | "11328-2" | "69000-8" | "8886-4" => HEART_RATE,
        "19224-5" | "20564-1" | "2709-4" | "2710-2" | "2713-6" | "51733-4" | "59408-5" | "59417-6" | "89276-0"
        | "97549-0" => OXYGEN_SATURATION,
        "60834-9" | "60835-6" | "60836-4" | "60838-0" | "60955-2" | "61009-7" | "75539-7" | "75987-8" | "76010-8"
        | "76011-6" | "76278-1" | "8309-7" | "8328-7" | "8329-5" | "8330-3" | "8331-1" | "8332-9" | "8333-7"
        | "8334-5" | "91371-5" | "98657-0" | "98663-8" => BODY_TEMPERATURE,
        "3137-7" | "3138-5" | "8306-3" | "8308-9" => BODY_HEIGHT,
        "8287-5" => HEAD_CIRCUMFERENCE,
        "3141-9" | "3142-7" | "75292-3" | "79348-9" | "8350-1" | "8351-9" => BODY_WEIGHT,
        "89270-3" => BODY_MASS_INDEX,
        "35094-2" | "8459-0" | "76534-7" | "55284-4" => BLOOD_PRESSURE,
        _ => return None,
    })
}

#[rustfmt::skip]
fn of_snomed(code: &str) -> Option<&'static str> {
    Some(match code {
        "46680005" => PANEL,
        "86290005" | "271625008" | "271306003" => RESPIRATORY_RATE,
        "249043002" | "444981005" | "399017001" | "251670001" | "429525003" | "429614003" => HEART_RATE,
        "442476006" | "431314004" => OXYGEN_SATURATION,
        "386725007" | "276885007" | "300076005" | "1222808002" | "364246006" | "307047009" | "708499008"
        | "431598003" | "698831002" | "698832009" | "415882003" | "415974002" | "415929009" | "415945006" =>
            BODY_TEMPERATURE,
        "1153637007" | "1162419008" | "50373000" | "1162418000" | "1230278008" | "1162392001" | "1162417005" =>
            BODY_HEIGHT,
        "363812007" | "169876006" | "1269262007" | "363811000" => HEAD_CIRCUMFERENCE,
        "735395000" | "425024002" | "424927000" | "784399000" | "1162416001" | "1162415002" => BODY_WEIGHT,
        "60621009" => BODY_MASS_INDEX,
        "251076008" | "163033001" | "163035008" | "386534000" | "386536003" | "407556006" | "407554009"
        | "716579001" | "399304008" => BLOOD_PRESSURE,
        _ => return None,
    })
}

const PANEL: &str = "85353-1";
const RESPIRATORY_RATE: &str = "9279-1";
const HEART_RATE: &str = "8867-4";
const OXYGEN_SATURATION: &str = "2708-6";
const BODY_TEMPERATURE: &str = "8310-5";
const BODY_HEIGHT: &str = "8302-2";
const HEAD_CIRCUMFERENCE: &str = "9843-4";
const BODY_WEIGHT: &str = "29463-7";
const BODY_MASS_INDEX: &str = "39156-5";
const BLOOD_PRESSURE: &str = "85354-9";
