"""A studio with an engine that paints, on SQLite and on PostgreSQL."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

import painted
from labelled import Studio, open_studio

from muybridge import db
from muybridge.generation import generations
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.generation.tables import Generation


@pytest.fixture
def studio(any_database: db.Database, tmp_path: Path) -> Studio:
    painted.register()
    return open_studio(any_database, tmp_path)


@pytest.fixture
def ask(studio: Studio) -> Callable[..., Generation]:
    def create(**changes: object) -> Generation:
        spec = a_spec(**changes)
        with studio.database.write() as session:
            return generations.create_generation(session, studio.actor, spec)

    return create


def a_spec(**changes: object) -> GenerationSpec:
    wanted: dict[str, object] = {
        "kind": Kind.TEXT_TO_VIDEO,
        "engine": "painted",
        "prompt": "a red ball drifts right",
        "seed": 3,
        "num_frames": 5,
        "min_side": 64,
    }
    return GenerationSpec(**{**wanted, **changes})  # type: ignore[arg-type]
