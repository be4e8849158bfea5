//! The registered subtags of language tags.
//!
//! Source: the language subtag registry of IANA (BCP 47), as of 2025-08-25. `languages.txt` has one line for
//! the subtags of three letters that begin alike: the first two letters, then the third letter of each.

use super::code_set::{Pairs, Triples};

/// Languages of two letters.
const LANGUAGES_2: Pairs = Pairs::of_words(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
     dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id \
     ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li \
     ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa \
     pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th \
     ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu",
);

/// Languages of three letters.
const LANGUAGES_3: Triples = Triples::of_rows(include_str!("languages.txt"));

/// Languages that may follow the language they extend.
const EXTENSIONS: Triples = Triples::of_words(
    "aao abh abv acm acq acw acx acy adf ads aeb aec aed aen afb afg ajp ajs apc apd arb arq ars ary arz \
     ase asf asp asq asw auz avl ayh ayl ayn ayp bbz bfi bfk bjn bog bqn bqy btj bve bvl bvu bzs cdo cds \
     cjy cmn cnp coa cpx csc csd cse csf csg csl csn csp csq csr csx czh czo doq dse dsl dsz dup ecs ehs \
     esl esn eso eth fcs fse fsl fss gan gds gom gse gsg gsm gss gus hab haf hak hds hji hks hnm hos hps \
     hsh hsl hsn icl iks ils inl ins ise isg isr jak jax jcs jhs jks jls jos jsl jus kgi knn kvb kvk kvr \
     kxd lbs lce lcf lgs liw lls lsb lsc lsg lsl lsn lso lsp lst lsv lsw lsy ltg luh lvs lws lzh max mdl \
     meo mfa mfb mfs min mnp mqg mre msd msi msr mui mzc mzg mzy nan nbs ncs nsi nsl nsp nsr nzs okl orn \
     ors pel pga pgz pks prl prz psc psd pse psg psl pso psp psr pys rib rms rnb rsi rsl rsm rsn sdl sfb \
     sfs sgg sgx shu sjc slf sls sqk sqs sqx ssh ssp ssr svk swc swh swl syy szs tmw tse tsm tsq tss tsy \
     tza ugn ugy ukl uks urk uzn uzs vgt vkk vkt vsi vsl vsv wbs wuu xki xml xmm xms yds ygs yhs ysl ysm \
     yue zib zlm zmi zsl zsm",
);

/// Regions of two letters.
const REGIONS: Pairs = Pairs::of_words(
    "aa ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq \
     br bs bt bu bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cp cq cr cs cu cv cw cx cy cz dd de dg \
     dj dk dm do dz ea ec ee eg eh er es et eu ez fi fj fk fm fo fr fx ga gb gd ge gf gg gh gi gl gm gn \
     gp gq gr gs gt gu gw gy hk hm hn hr ht hu ic id ie il im in io iq ir is it je jm jo jp ke kg kh ki \
     km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr \
     ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nt nu nz om pa pe pf pg ph pk pl pm pn pr ps \
     pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz ta tc \
     td tf tg th tj tk tl tm tn to tp tr tt tv tw tz ua ug um un us uy uz va vc ve vg vi vn vu wf ws yd \
     ye yt yu za zm zr zw zz",
);

/// Regions of three digits, by UN M.49.
const AREAS: [&str; 31] = [
    "001", "002", "003", "005", "009", "011", "013", "014", "015", "017", "018", "019", "021", "029", "030",
    "034", "035", "039", "053", "054", "057", "061", "142", "143", "145", "150", "151", "154", "155", "202",
    "419",
];

/// Scripts.
const SCRIPTS: [&str; 224] = [
    "adlm", "afak", "aghb", "ahom", "arab", "aran", "armi", "armn", "avst", "bali", "bamu", "bass", "batk",
    "beng", "berf", "bhks", "blis", "bopo", "brah", "brai", "bugi", "buhd", "cakm", "cans", "cari", "cham",
    "cher", "chis", "chrs", "cirt", "copt", "cpmn", "cprt", "cyrl", "cyrs", "deva", "diak", "dogr", "dsrt",
    "dupl", "egyd", "egyh", "egyp", "elba", "elym", "ethi", "gara", "geok", "geor", "glag", "gong", "gonm",
    "goth", "gran", "grek", "gujr", "gukh", "guru", "hanb", "hang", "hani", "hano", "hans", "hant", "hatr",
    "hebr", "hira", "hluw", "hmng", "hmnp", "hntl", "hrkt", "hung", "inds", "ital", "jamo", "java", "jpan",
    "jurc", "kali", "kana", "kawi", "khar", "khmr", "khoj", "kitl", "kits", "knda", "kore", "kpel", "krai",
    "kthi", "lana", "laoo", "latf", "latg", "latn", "leke", "lepc", "limb", "lina", "linb", "lisu", "loma",
    "lyci", "lydi", "mahj", "maka", "mand", "mani", "marc", "maya", "medf", "mend", "merc", "mero", "mlym",
    "modi", "mong", "moon", "mroo", "mtei", "mult", "mymr", "nagm", "nand", "narb", "nbat", "newa", "nkdb",
    "nkgb", "nkoo", "nshu", "ogam", "olck", "onao", "orkh", "orya", "osge", "osma", "ougr", "palm", "pauc",
    "pcun", "pelm", "perm", "phag", "phli", "phlp", "phlv", "phnx", "piqd", "plrd", "prti", "psin", "ranj",
    "rjng", "rohg", "roro", "runr", "samr", "sara", "sarb", "saur", "seal", "sgnw", "shaw", "shrd", "shui",
    "sidd", "sidt", "sind", "sinh", "sogd", "sogo", "sora", "soyo", "sund", "sunu", "sylo", "syrc", "syre",
    "syrj", "syrn", "tagb", "takr", "tale", "talu", "taml", "tang", "tavt", "tayo", "telu", "teng", "tfng",
    "tglg", "thaa", "thai", "tibt", "tirh", "tnsa", "todr", "tols", "toto", "tutg", "ugar", "vaii", "visp",
    "vith", "wara", "wcho", "wole", "xpeo", "xsux", "yezi", "yiii", "zanb", "zinh", "zmth", "zsye", "zsym",
    "zxxx", "zyyy", "zzzz",
];

/// Variants.
const VARIANTS: [&str; 134] = [
    "1606nict", "1694acad", "1901", "1959acad", "1994", "1996", "abl1943", "akhmimic", "akuapem", "alalc97",
    "aluku", "anpezo", "ao1990", "aranes", "arevela", "arevmda", "arkaika", "asante", "auvern", "baku1926",
    "balanka", "barla", "basiceng", "bauddha", "bciav", "bcizbl", "biscayan", "biske", "blasl", "bohairic",
    "bohoric", "boont", "bornholm", "cisaup", "colb1945", "cornu", "creiss", "dajnko", "ekavsk", "emodeng",
    "fascia", "fayyumic", "fodom", "fonipa", "fonkirsh", "fonnapa", "fonupa", "fonxsamp", "gallo", "gascon",
    "gherd", "grclass", "grital", "grmistr", "hanoi", "hepburn", "heploc", "hognorsk", "hsistemo", "huett",
    "ijekavsk", "itihasa", "ivanchov", "jauer", "jyutping", "kkcor", "kleinsch", "kociewie", "kscor",
    "laukika", "leidentr", "lemosin", "lengadoc", "lipaw", "ltg1929", "ltg2007", "luna1918", "lycopol",
    "mdcegyp", "mdctrans", "mesokem", "metelko", "monoton", "ndyuka", "nedis", "newfound", "nicard", "njiva",
    "nulik", "osojs", "oxendict", "pahawh2", "pahawh3", "pahawh4", "pamaka", "peano", "pehoeji", "petr1708",
    "pinyin", "polyton", "provenc", "puter", "rigik", "rozaj", "rumgr", "sahidic", "saigon", "scotland",
    "scouse", "simple", "solba", "sotav", "spanglis", "surmiran", "sursilv", "sutsilv", "synnejyl", "tailo",
    "tarask", "tongyong", "tunumiit", "uccor", "ucrcor", "ulster", "unifon", "vaidika", "valbadia",
    "valencia", "vallader", "vecdruka", "viennese", "vivaraup", "wadegile", "xsistemo",
];

/// Tags that were registered as a whole, because they fit no rule or mean more than their parts.
const WHOLE: [&str; 26] = [
    "art-lojban",
    "cel-gaulish",
    "en-gb-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "no-bok",
    "no-nyn",
    "sgn-be-fr",
    "sgn-be-nl",
    "sgn-ch-de",
    "zh-guoyu",
    "zh-hakka",
    "zh-min",
    "zh-min-nan",
    "zh-xiang",
];

/// Whether the subtag is a language. Those from `qaa` to `qtz` are for private use.
pub(super) fn is_language(tag: &str) -> bool {
    match tag.len() {
        2 => LANGUAGES_2.contains(tag),
        3 => {
            LANGUAGES_3.contains(tag)
                || lower(tag).is_some_and(|tag| matches!(&tag[..3], [b'q', b'a'..=b't', _]))
        }
        _ => false,
    }
}

/// Whether the subtag is a language that extends another.
pub(super) fn is_extended(tag: &str) -> bool {
    EXTENSIONS.contains(tag)
}

/// Whether the subtag is a script. Those from `Qaaa` to `Qabx` are for private use.
pub(super) fn is_script(tag: &str) -> bool {
    let Some(tag) = lower(tag) else { return false };
    is_among(&SCRIPTS, &tag[..4]) || (*b"qaaa"..=*b"qabx").contains(&[tag[0], tag[1], tag[2], tag[3]])
}

/// Whether the subtag is a region. Some pairs of letters are for private use.
pub(super) fn is_region(tag: &str) -> bool {
    let Some(lower) = lower(tag) else { return false };
    match tag.len() {
        2 => REGIONS.contains(tag) || matches!(&lower[..2], [b'q', b'm'..=b'z'] | [b'x', _]),
        _ => is_among(&AREAS, &lower[..tag.len()]),
    }
}

/// Whether the subtag is a variant.
pub(super) fn is_variant(tag: &str) -> bool {
    lower(tag).is_some_and(|lower| is_among(&VARIANTS, &lower[..tag.len()]))
}

/// Whether the tag was registered as a whole.
pub(super) fn is_whole(tag: &str) -> bool {
    WHOLE.iter().any(|whole| whole.eq_ignore_ascii_case(tag))
}

/// A subtag in lower case; `None` where it is longer than any subtag can be.
fn lower(tag: &str) -> Option<[u8; 8]> {
    let mut lower = [0; 8];
    lower.get_mut(..tag.len())?.copy_from_slice(tag.as_bytes());
    lower.make_ascii_lowercase();
    Some(lower)
}

fn is_among(sorted: &[&str], tag: &[u8]) -> bool {
    sorted.binary_search_by(|known| known.as_bytes().cmp(tag)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_order() {
        assert!(AREAS.is_sorted() && SCRIPTS.is_sorted() && VARIANTS.is_sorted());
    }

    #[test]
    fn subtags_are_registered_or_private() {
        for (is_registered, good, bad) in [
            (is_language as fn(&str) -> bool, "en EN cy gsw und mul zxx qaa qtz", "xx eng qzz engl e zzz é"),
            (is_extended, "cmn yue arb", "eng aaa"),
            (is_script, "Latn hant Qaaa qabx", "Qaby Latin Xxxx abcdefghi"),
            (is_region, "GB gb 419 001 XK QM ZZ", "JJ 999 G GBR ü UK"),
            (is_variant, "1901 rozaj valencia VALENCIA", "abcde 1900"),
            (is_whole, "i-klingon en-GB-oed ZH-min-nan", "i-romulan en-GB"),
        ] {
            for tag in good.split(' ') {
                assert!(is_registered(tag), "{tag}");
            }
            for tag in bad.split(' ') {
                assert!(!is_registered(tag), "{tag}");
            }
        }
    }
}
