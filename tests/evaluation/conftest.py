"""A studio whose generations are painted."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

import painted
from labelled import Studio, open_studio

from muybridge import db


@pytest.fixture
def studio(any_database: db.Database, tmp_path: Path) -> Studio:
    painted.register()
    return open_studio(any_database, tmp_path)
