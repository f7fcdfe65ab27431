"""Frozen selections of labelled footage: living queries, immutable versions, splits, manifests and exports."""
