import importlib
from collections.abc import Callable

import pytest

from muybridge.cli.app import COMMANDS

from .conftest import Ran


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_exists(name: str) -> None:
    assert importlib.import_module(f"muybridge.cli.{name}").app is not None


def test_help_lists_every_command(muybridge: Callable[..., Ran]) -> None:
    shown = muybridge("--help").out
    assert [name for name in COMMANDS if f"  {name} " not in shown] == []


def test_doctor_reports_each_finding_and_the_chain(muybridge: Callable[..., Ran]) -> None:
    ran = muybridge("doctor", "--json")
    findings = {finding["name"]: finding for finding in ran.json["findings"]}
    assert ran.code == 0
    assert findings["database"]["state"] == findings["store"]["state"] == findings["events"]["state"] == "ok"
    assert findings["worker"]["remedy"] == "muybridge serve, or muybridge worker"
    assert findings["events"]["detail"].startswith("the event chain holds")
