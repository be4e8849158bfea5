//! Random mutations of bytes, determined by a seed.

/// Numbers that look random and are the same for the same seed (xorshift).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below a limit, which is not zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }
}

/// Pieces that matter to some reader.
const PIECES: &[&str] = &[
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e999999999",
    "-0",
    "\\ud800",
    "\\u005f",
    "\u{feff}",
    "<",
    ">",
    "&",
    "-->",
    "]]>",
    "?>",
    "\u{0}",
    "\n::error::x",
    "##[x]",
    "\u{202e}",
    "\u{1b}[2J",
    "=",
    "'",
    "/>",
    "é",
    "\"Exampler\"",
    "Exampler",
    "Quentin 9999999999",
    "<Exampler>",
    "</Exampler>",
    "<!--Exampler-->",
    "<![CDATA[Exampler]]>",
    "<?Exampler 9999999999?>",
    "&Exampler;",
    "\"Quentin\":1,",
    "\"Quentin\":\"Exampler\",",
    " Exampler='9999999999'",
    " xmlns:Exampler=\"urn:Quentin\"",
    "Exampler:",
    "http://x.example/9999999999",
    "https://fhir.nhs.uk/STU3/StructureDefinition/Quentin",
    "\"resourceType\":",
    "\"extension\":[{\"url\":\"",
    "\"meta\":{\"profile\":[\"http://Exampler.example/Quentin\"]},",
    ".repeat(",
    "where(",
    " | ",
    "$this",
    "2020-01",
];

/// Mutates some bytes.
pub(crate) fn mutate(data: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(data.len() + 1);
    let end = (at + 1 + random.below(40)).min(data.len());
    match random.below(9) {
        0 => data.truncate(at),
        1 if at < data.len() => data[at] ^= 1 << random.below(8),
        2 => drop(data.drain(at..end.max(at))),
        3 => {
            let copy = data[at..end.max(at)].to_vec();
            let place = random.below(data.len() + 1);
            data.splice(place..place, copy);
        }
        4 if !other.is_empty() => {
            let from = random.below(other.len());
            let to = (from + 1 + random.below(80)).min(other.len());
            data.splice(at..at, other[from..to].iter().copied());
        }
        5 => {
            let piece = *random.pick(&["[", "{\"extension\":[", "<a>", "(", "{\"a\":"]);
            let many = piece.repeat(1 + random.below(300));
            data.splice(at..at, many.bytes());
        }
        6 => {
            // The value of a string is replaced.
            let quotes: Vec<usize> = (0..data.len()).filter(|at| data[*at] == b'"').collect();
            if quotes.len() > 1 {
                let first = random.below(quotes.len() - 1);
                let piece = random.pick(PIECES).bytes().filter(|byte| *byte != b'"').collect::<Vec<u8>>();
                data.splice(quotes[first] + 1..quotes[first + 1], piece);
            }
        }
        _ => {
            let piece = *random.pick(PIECES);
            data.splice(at..at, piece.bytes());
        }
    }
}
