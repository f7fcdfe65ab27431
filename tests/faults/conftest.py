"""Kill tests import the framework of tests/jobs/faults.py by the name `faults`."""

import sys
from pathlib import Path

FRAMEWORK = str(Path(__file__).resolve().parents[1] / "jobs")
if FRAMEWORK not in sys.path:
    sys.path.insert(0, FRAMEWORK)
