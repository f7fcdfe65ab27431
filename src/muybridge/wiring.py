"""The fuse box: which tables, job handlers, plugins and routers exist, and how they become a server and a worker.

Lists and assembly only; what a line does lives in its room.
"""

import importlib
import importlib.util
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muybridge import artifacts, db, jobs, trust
from muybridge.catalog import name_index, uploads
from muybridge.db import migrate
from muybridge.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from fastapi import APIRouter, FastAPI

log = logging.getLogger("muybridge.wiring")

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

JOB_HANDLERS: dict[str, str] = {
    "training.train": "muybridge.training.jobs:train_run",
    "catalog.ingest": "muybridge.catalog.jobs:ingest_asset",
    "jobs.deliver": "muybridge.jobs.webhooks:deliver",
    "labeling.resolve": "muybridge.labeling.jobs:resolve_task",
    "labeling.propose": "muybridge.labeling.jobs:propose",
    "datasets.export": "muybridge.datasets.jobs:export",
    "generation.render": "muybridge.generation.jobs:render_generation",
    "generation.play": "muybridge.generation.jobs:play_session",
    "evaluation.score": "muybridge.evaluation.jobs:score_checkpoint",
}
"""Job name -> `package.module:handler`."""

LIVE_JOBS = frozenset({"generation.play"})
"""Jobs that somebody sits before: a worker has slots of their own for them."""
LIVE_SLOTS = 2

PLUGINS: dict[str, dict[str, str]] = {
    "muybridge.catalog.detectors:detectors": {
        "histogram": "muybridge.catalog.detectors.histogram:detector",
        "transnetv2": "muybridge.catalog.detectors.transnetv2:detector",
    },
    "muybridge.labeling.trackers:trackers": {
        "motion": "muybridge.labeling.trackers.motion:tracker",
    },
    "muybridge.labeling.consensus:METHODS": {
        "majority": "muybridge.labeling.consensus.majority:METHOD",
        "dawid_skene": "muybridge.labeling.consensus.dawid_skene:METHOD",
        "tracks": "muybridge.labeling.consensus.tracks:METHOD",
        "spans": "muybridge.labeling.consensus.spans:METHOD",
        "medoid": "muybridge.labeling.consensus.medoid:METHOD",
    },
    "muybridge.generation.engines:ENGINES": {
        "ours": "muybridge.generation.engines.ours:ENGINE",
        "ours-int8": "muybridge.generation.engines.ours:EIGHT_BIT",
    },
    "muybridge.training.adapters:ADAPTERS": {
        "wan": "muybridge.training.adapters.wan:ADAPTER",
    },
    "muybridge.evaluation.metrics:METRICS": {
        "psnr": "muybridge.evaluation.metrics.psnr:METRIC",
        "ssim": "muybridge.evaluation.metrics.ssim:METRIC",
    },
    "muybridge.datasets.formats:EXPORTERS": {
        "jsonl": "muybridge.datasets.formats.jsonl:EXPORTER",
        "coco": "muybridge.datasets.formats.coco:EXPORTER",
        "mot": "muybridge.datasets.formats.mot:EXPORTER",
    },
}
"""`package.module:REGISTRY` -> {plugin name: `package.module:plugin`}."""

ROUTERS: tuple[str, ...] = (
    "muybridge.api.v1.system:router",
    "muybridge.api.v1.auth:router",
    "muybridge.api.v1.trust:router",
    "muybridge.api.v1.events:router",
    "muybridge.api.v1.jobs:router",
    "muybridge.api.v1.webhooks:router",
    "muybridge.api.v1.training:router",
    "muybridge.api.media:router",
    "muybridge.api.v1.artifacts:router",
    "muybridge.api.v1.catalog:router",
    "muybridge.api.v1.uploads:router",
    "muybridge.api.v1.rights:router",
    "muybridge.api.v1.labeling:router",
    "muybridge.api.v1.proposals:router",
    "muybridge.api.v1.datasets:router",
    "muybridge.api.v1.generation:router",
    "muybridge.api.v1.play:router",
    "muybridge.api.v1.evaluation:router",
    "muybridge.api.v1.comparisons:router",
)
"""`package.module:router` of each face."""


def load_tables() -> None:
    """Import every table so that metadata is whole (migrations, create_all)."""
    for module in TABLES:
        if importlib.util.find_spec(module):
            importlib.import_module(module)


def connect_plugins() -> None:
    """Name every built-in plugin and job handler in its registry; each is imported on first use."""
    for name, path in JOB_HANDLERS.items():
        jobs.HANDLERS.add(name, path)
    for socket, plugins in PLUGINS.items():
        registry = _load(socket)
        for name, path in plugins.items():
            registry.add(name, path)


def routers() -> "list[APIRouter]":
    return [_load(path) for path in ROUTERS]


@dataclass(frozen=True)
class Installation:
    """One Muybridge: its settings, its database, its bytes."""

    settings: Settings
    database: db.Database
    store: artifacts.Store


@contextmanager
def open_installation(settings: Settings) -> Iterator[Installation]:
    """Open the installation that the settings name, bringing its tables up to date; made at the first start."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    load_tables()
    connect_plugins()
    database = db.open_database(settings.resolved_database_url)
    try:
        if migrate.migrate(database):
            # A migration that rebuilds a table loses its triggers.
            with database.engine.begin() as connection:
                trust.protect_events(connection)
                trust.explain_tenants(connection)
                name_index.make(connection)
        yield Installation(settings, database, open_store(settings))
    finally:
        database.dispose()


def open_store(settings: Settings) -> artifacts.Store:
    """The store that the settings name, with this installation's identity."""
    return artifacts.open_store(
        settings.resolved_store_url,
        data_dir=settings.data_dir,
        endpoint=settings.store_endpoint,
        region=settings.store_region,
        access_key=settings.store_access_key.get_secret_value(),
        secret_key=settings.store_secret_key.get_secret_value(),
    )


def events_signer(installation: Installation) -> "Ed25519PrivateKey":
    """The key that signs the heads of the event chains; made on first use."""
    return trust.load_signer(installation.settings.data_dir / "keys" / "events.key")


@contextmanager
def sealing(installation: Installation) -> Iterator[None]:
    """Seal events, and sign the heads of their chains into the data folder, for as long as the block lasts."""
    stop = threading.Event()
    follow = partial(
        trust.seal_until,
        installation.database,
        stop,
        signer=events_signer(installation),
        heads_dir=installation.settings.data_dir / "heads",
        on_error=lambda error: log.error("events could not be sealed; tried again soon", exc_info=error),
    )
    thread = threading.Thread(target=follow, name="sealer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10.0)


def build_app(installation: Installation) -> "FastAPI":
    """The server of an installation."""
    from muybridge.api import app, deps  # the HTTP packages; workers and most commands do without

    settings = installation.settings
    parts = deps.Parts(
        database=installation.database,
        store=installation.store,
        base_url=settings.base_url,
        data_dir=settings.data_dir,
        max_upload_bytes=settings.max_upload_bytes,
        allow_private_webhooks=settings.allow_private_webhooks,
    )
    store_origin = ""
    if settings.resolved_store_url.startswith("s3"):
        store_origin = app.origin_of(settings.store_endpoint) or "https://*.amazonaws.com"
    return app.build(parts, routers(), store_origin=store_origin)


def shared_chores(installation: Installation) -> tuple[jobs.SharedChore, ...]:
    """Housekeeping that one worker does for all."""
    database, store = installation.database, installation.store

    def sweep() -> dict[str, int]:
        with database.read() as session:
            remembered = jobs.remembered_digests(session)
        return asdict(artifacts.sweep(database, store, also_named=remembered))

    return (
        jobs.SharedChore("artifacts.sweep", 6 * 3600.0, sweep),
        jobs.SharedChore(
            "catalog.discard_stale",
            3600.0,
            lambda: {"num_uploads": uploads.discard_stale(database, store)},
            is_needed=lambda: bool(store.spool.stale(uploads.STALE_S)),
        ),
        jobs.SharedChore(
            "catalog.give_up_unbegun", 3600.0, lambda: {"num_uploads": uploads.give_up_unbegun(database, store)}
        ),
    )


def build_worker(installation: Installation, *, slots: int = 1, gpus: int = 0) -> jobs.Worker:
    """A worker on an installation's jobs."""
    workdir = installation.settings.data_dir / "work"
    return jobs.Worker(
        installation.database,
        installation.store,
        workdir=workdir,
        slots=slots,
        gpus=gpus,
        shared_chores=shared_chores(installation),
        live=LIVE_JOBS,
        live_slots=LIVE_SLOTS,
    )


def openapi() -> dict[str, Any]:
    """The API's description; needs no database, store or settings."""
    from muybridge.api import app, deps

    load_tables()
    nothing: Any = None
    parts = deps.Parts(database=nothing, store=nothing, base_url="", data_dir=Path(), max_upload_bytes=0)
    return app.build(parts, routers()).openapi()


def _load(path: str) -> Any:
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)
