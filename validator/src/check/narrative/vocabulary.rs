//! Which elements of HTML a narrative may use, and which attributes each may have.
//!
//! Source: <http://hl7.org/fhir/R4/narrative.html>: chapters 7 to 11 and 15 of HTML 4.0, links and
//! images, without what HTML 4 deprecates. What no chapter names (scripts, forms, frames, objects) is out.

/// Whether a narrative may have that element.
pub(super) fn allows_element(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "address"
            | "area"
            | "b"
            | "bdo"
            | "big"
            | "blockquote"
            | "br"
            | "caption"
            | "cite"
            | "code"
            | "col"
            | "colgroup"
            | "dd"
            | "del"
            | "dfn"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "li"
            | "map"
            | "ol"
            | "p"
            | "pre"
            | "q"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "tt"
            | "ul"
            | "var"
    )
}

/// What to use in place of an element that HTML 4 deprecates.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "center" => "a div with a style",
        "basefont" | "font" => "a span with a style",
        "dir" | "menu" => "ul",
        "s" | "strike" => "del, or a span with a style",
        "u" => "em, or a span with a style",
        _ => return None,
    })
}

/// Whether that element of a narrative may have that attribute.
pub(super) fn allows_attribute(element: &str, name: &str) -> bool {
    match name {
        "accesskey" | "class" | "dir" | "id" | "lang" | "style" | "tabindex" | "title" | "xml:id"
        | "xml:lang" | "xml:space" | "xmlns" => true,
        "charset" | "hreflang" | "rel" | "rev" | "type" => element == "a",
        "coords" | "href" | "shape" => matches!(element, "a" | "area"),
        "nohref" => element == "area",
        "alt" => matches!(element, "img" | "area"),
        "name" => matches!(element, "a" | "img" | "map"),
        "src" | "longdesc" | "usemap" | "ismap" | "height" => element == "img",
        "border" => matches!(element, "img" | "table"),
        "cite" => matches!(element, "blockquote" | "q" | "ins" | "del"),
        "datetime" => matches!(element, "ins" | "del"),
        "cellpadding" | "cellspacing" | "frame" | "rules" | "summary" => element == "table",
        "span" => matches!(element, "col" | "colgroup"),
        "abbr" | "axis" | "colspan" | "headers" | "nowrap" | "rowspan" | "scope" => {
            matches!(element, "td" | "th")
        }
        "char" | "charoff" | "valign" => is_of_table(element),
        // HTML 4 deprecates these on all but the parts of tables; published narratives have them anywhere.
        "align" => {
            let is_block = matches!(element, "div" | "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr");
            is_block || is_of_table(element) || matches!(element, "caption" | "img" | "table")
        }
        "width" => {
            let is_cell = matches!(element, "td" | "th" | "col" | "colgroup");
            is_cell || matches!(element, "hr" | "img" | "pre" | "table")
        }
        _ => name.starts_with("xmlns:") || name.starts_with("data-"),
    }
}

/// Whether it is a part of a table that aligns what is in it.
fn is_of_table(element: &str) -> bool {
    matches!(element, "col" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr")
}
