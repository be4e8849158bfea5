//! Which elements and attributes of HTML a narrative may use.
//!
//! Source: <http://hl7.org/fhir/R4/narrative.html>: chapters 7 to 11 and 15 of HTML 4.0, links and
//! images. What no chapter names (scripts, forms, frames, objects) is out.

/// Whether a narrative may have that element.
pub(super) fn allows_element(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr" | "acronym" | "address" | "area" | "b" | "bdo" | "big" | "blockquote" | "br"
            | "caption" | "center" | "cite" | "code" | "col" | "colgroup" | "dd" | "dfn" | "dir" | "div"
            | "dl" | "dt" | "em" | "font" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "i" | "img"
            | "kbd" | "li" | "map" | "menu" | "ol" | "p" | "pre" | "q" | "s" | "samp" | "small" | "span"
            | "strike" | "strong" | "sub" | "sup" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead"
            | "tr" | "tt" | "u" | "ul" | "var"
    )
}

/// Whether an element of a narrative may have that attribute.
pub(super) fn allows_attribute(name: &str) -> bool {
    matches!(
        name,
        "abbr" | "accesskey" | "align" | "alt" | "axis" | "bgcolor" | "border" | "cellhalign"
            | "cellpadding" | "cellspacing" | "cellvalign" | "char" | "charoff" | "charset" | "cite"
            | "class" | "clear" | "color" | "colspan" | "compact" | "coords" | "dir" | "face" | "frame"
            | "headers" | "height" | "href" | "hreflang" | "hspace" | "id" | "ismap" | "lang" | "longdesc"
            | "name" | "noshade" | "nohref" | "nowrap" | "rel" | "rev" | "rowspan" | "rules" | "scope"
            | "shape" | "size" | "span" | "src" | "start" | "style" | "summary" | "tabindex" | "target"
            | "title" | "type" | "usemap" | "valign" | "value" | "vspace" | "width" | "xmlns"
    ) || name.starts_with("xml:")
        || name.starts_with("xmlns:")
        || name.starts_with("data-")
}
