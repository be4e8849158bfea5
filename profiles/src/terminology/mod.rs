//! Terminology: which codes a value set holds, as far as that can be told offline.
