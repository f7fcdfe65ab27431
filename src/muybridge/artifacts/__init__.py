"""Bytes with a past: a content-addressed store, artifacts, lineage, provenance.

stored = store.put_file(path)                      # outside any transaction
artifact = artifacts.put(session, actor, stored, kind="proxy", media_type="video/mp4", filename="…",
                         derived_from=[asset_id])
artifacts.derive(session, actor, asset_id, [artifact.id], title=name)
"""

from muybridge.artifacts import cache
from muybridge.artifacts.lineage import LineageNode, ancestors, derive, descendants, describe, nodes_of
from muybridge.artifacts.register import forget, load, put
from muybridge.artifacts.store import Store, Stored, open_store
from muybridge.artifacts.sweeping import Swept, sweep
from muybridge.artifacts.tables import Artifact, LineageEdge

__all__ = [
    "Artifact",
    "LineageEdge",
    "LineageNode",
    "Store",
    "Stored",
    "Swept",
    "ancestors",
    "cache",
    "derive",
    "descendants",
    "describe",
    "forget",
    "load",
    "nodes_of",
    "open_store",
    "put",
    "sweep",
]
