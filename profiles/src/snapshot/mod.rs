//! Snapshots: the complete list of elements of a structure, made from its differential.
