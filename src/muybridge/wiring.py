"""The fuse box: which tables, job handlers, plugins and routers exist, and how they become a server and a worker.

Lists only; what a line does lives in its room.
"""

import importlib
import importlib.util

TABLES = (
    "muybridge.trust.tables",
    "muybridge.artifacts.tables",
    "muybridge.jobs.tables",
    "muybridge.catalog.tables",
    "muybridge.labeling.tables",
    "muybridge.datasets.tables",
    "muybridge.training.tables",
    "muybridge.generation.tables",
    "muybridge.evaluation.tables",
)

JOB_HANDLERS: dict[str, str] = {}
"""Job name -> `package.module:handler`."""

ROUTERS: tuple[str, ...] = ()
"""`package.module:router` of each face."""


def load_tables() -> None:
    """Import every table so that metadata is whole (migrations, create_all)."""
    for module in TABLES:
        if importlib.util.find_spec(module):
            importlib.import_module(module)
