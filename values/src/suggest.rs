//! The nearest of several names, for "did you mean".

/// Longest word that is compared; anything longer is no slip of the pen.
const LONGEST: usize = 128;

/// The candidate closest to `word`, where one is close enough to be a slip.
///
/// Of equally close ones the first wins, so callers give candidates in a fixed order.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.len() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let bound = best.map_or(limit + 1, |(closest, _)| closest);
        if let Some(distance) = distance(word.as_bytes(), candidate.as_bytes(), bound) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap neighbours) between two words, where they are fewer than
/// `bound`; a difference in case alone counts as none.
fn distance(left: &[u8], right: &[u8], bound: usize) -> Option<usize> {
    if bound == 0 || left.len().abs_diff(right.len()) >= bound || left.len().max(right.len()) > LONGEST {
        return None;
    }
    if left.eq_ignore_ascii_case(right) {
        return Some(0);
    }
    let width = right.len();
    let mut before = [0_usize; LONGEST + 1];
    let mut previous: [usize; LONGEST + 1] = std::array::from_fn(|column| column);
    let mut current = [0_usize; LONGEST + 1];
    for (row, l) in left.iter().enumerate() {
        // Cells further than `bound` from the diagonal cannot lead to a distance below it.
        let (first, last) = (row.saturating_sub(bound), (row + bound).min(width));
        current[first] = if first == 0 { row + 1 } else { bound };
        let mut lowest = current[first];
        for column in first..last {
            let r = right[column];
            // The band of the row before ends one column earlier.
            let above = if row == 0 || column + 1 < row + bound { previous[column + 1] } else { bound };
            let mut cost = (previous[column] + usize::from(*l != r)).min(above + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *l == right[column - 1] && left[row - 1] == r {
                cost = cost.min(before[column - 1] + 1);
            }
            current[column + 1] = cost;
            lowest = lowest.min(cost);
        }
        if lowest >= bound {
            return None;
        }
        before = previous;
        previous = current;
    }
    Some(previous[width]).filter(|distance| *distance < bound)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_nothing_else() {
        let names = ["birthDate", "deceased", "gender", "name"];
        assert_eq!(nearest("birthdate", names), Some("birthDate"));
        assert_eq!(nearest("gnder", names), Some("gender"));
        assert_eq!(nearest("nmae", names), Some("name"));
        assert_eq!(nearest("telecom", names), None);
        assert_eq!(nearest("nickname", ["contained"]), None);
    }
}
