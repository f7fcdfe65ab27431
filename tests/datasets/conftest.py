import sys
from pathlib import Path

import pytest

from muybridge import db

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from labelled import Studio, open_studio


@pytest.fixture
def studio(database: db.Database, tmp_path: Path) -> Studio:
    """An installation on SQLite with one tenant."""
    return open_studio(database, tmp_path)


@pytest.fixture
def any_studio(any_database: db.Database, tmp_path: Path) -> Studio:
    """The same on SQLite and on PostgreSQL."""
    return open_studio(any_database, tmp_path)
