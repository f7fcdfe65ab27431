"""`muybridge doctor`: what is installed, what is missing and the command that brings it; whether all still holds."""

import importlib.util
import os
import shutil
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal

import typer
from sqlalchemy import text

from muybridge import __version__, jobs, wiring
from muybridge.api.studio import STUDIO
from muybridge.cli.audit import check_chain, describe_chain
from muybridge.cli.console import AsJson, marked, out, print_json, speaking_errors
from muybridge.cli.local import Local, local_owner
from muybridge.cli.worker import is_worker_running
from muybridge.errors import MuybridgeError

app = typer.Typer()
State = Literal["ok", "missing", "wrong"]
MARKS: dict[State, tuple[str, str]] = {"ok": ("ok", "green"), "missing": ("--", "yellow"), "wrong": ("!!", "red")}
EXTRAS = {
    "diffusers": ("diffusers", "open-weight video models and LoRA fine-tuning", "pip install 'muybridge[diffusers]'"),
    "onnx": ("onnxruntime", "faster rendering on CPU", "pip install 'muybridge[onnx]'"),
}
LOW_SPACE_BYTES = 2 * 2**30
BY_A_WORKER = "muybridge serve, or muybridge worker"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `missing` is an option not taken; `wrong` needs somebody."""

    name: str
    state: State
    detail: str
    remedy: str = ""


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look at everything and say what is wrong, what is missing, and the command that helps. Exit code 1 if wrong."""
    findings = [_python(), _studio(), *_extras()]
    with speaking_errors(as_json), local_owner() as local:
        standings = _standings(local)
        findings += [_database(local), _store(local), _space(local), _worker(local), _chain(local)]
        findings += [_chore(standing) for standing in standings]
    is_well = all(finding.state != "wrong" for finding in findings)
    if as_json:
        told = {"findings": [asdict(f) for f in findings], "chores": [_chore_facts(each) for each in standings]}
        print_json({"version": __version__, "is_well": is_well, **told})
    else:
        for finding in findings:
            out.print(marked(*MARKS[finding.state], f"  {finding.name:<12}{finding.detail}"))
            if finding.remedy:
                out.print(f"                {finding.remedy}", style="dim")
    raise typer.Exit(0 if is_well else 1)


def _python() -> Finding:
    return Finding("muybridge", "ok", f"{__version__} on Python {sys.version.split()[0]}, {os.cpu_count()} cores")


def _studio() -> Finding:
    if (STUDIO / "index.html").is_file():
        return Finding("studio", "ok", "built")
    return Finding("studio", "missing", "not built", "make web (installed wheels carry it)")


def _extras() -> list[Finding]:
    findings = []
    for name, (package, use, remedy) in EXTRAS.items():
        if importlib.util.find_spec(package):
            findings.append(Finding(name, "ok", use))
        else:
            findings.append(Finding(name, "missing", f"{use}: not installed", remedy))
    return findings


def _database(local: Local) -> Finding:
    database = local.installation.database
    with database.read() as session:
        if not database.is_sqlite:
            return Finding(
                "database", "ok", str(session.execute(text("SELECT version()")).scalar_one()).split(" on ")[0]
            )
        verdict = session.execute(text("PRAGMA quick_check")).scalar_one()
        version = session.execute(text("SELECT sqlite_version()")).scalar_one()
    if verdict != "ok":
        return Finding("database", "wrong", f"SQLite says: {verdict}", "muybridge restore the last backup")
    return Finding("database", "ok", f"SQLite {version}, {database.engine.url.database}")


def _store(local: Local) -> Finding:
    settings = local.installation.settings
    try:
        stored = local.installation.store.put_bytes(b"muybridge doctor was here\n")
        local.installation.store.read(stored.digest)
    except MuybridgeError as error:
        return Finding("store", "wrong", error.detail, error.remedy)
    return Finding("store", "ok", settings.resolved_store_url)


def _space(local: Local) -> Finding:
    free = shutil.disk_usage(local.installation.settings.data_dir).free
    if free < LOW_SPACE_BYTES:
        return Finding("space", "wrong", f"{free / 2**30:.1f} GiB free", "Free some space, or move the data folder.")
    return Finding("space", "ok", f"{free / 2**30:.0f} GiB free")


def _worker(local: Local) -> Finding:
    if is_worker_running(local.installation.settings.data_dir):
        return Finding("worker", "ok", "running on this data folder")
    return Finding("worker", "missing", "none runs on this data folder", BY_A_WORKER)


def _chain(local: Local) -> Finding:
    report = check_chain(local.installation, local.owner)
    if report.is_whole:
        return Finding("events", "ok", describe_chain(report))
    first = report.faults[0] if report.faults else None
    return Finding(
        "events", "wrong", f"{describe_chain(report)}; first: {first.detail if first else '?'}", "muybridge audit chain"
    )


def _standings(local: Local) -> list[jobs.ChoreStanding]:
    with local.installation.database.read() as session:
        return jobs.standing_of(session, wiring.shared_chores(local.installation))


def _chore(standing: jobs.ChoreStanding) -> Finding:
    name, last = standing.chore.name, standing.last
    told = f"{name} has not run yet" if last is None else f"{name} ran {_span(standing.asked_at - last.started_at)} ago"
    if last is not None and last.failure:
        return Finding("chore", "wrong", f"{told} and failed: {last.failure['detail']}", last.failure["remedy"])
    if standing.due_at is not None and not standing.is_due:
        return Finding("chore", "ok", f"{told}, due again in {_span(standing.due_at - standing.asked_at)}")
    if not standing.chore.is_needed():
        return Finding("chore", "ok", f"{told}, nothing to do")
    return Finding("chore", "missing", f"{told}, due now", BY_A_WORKER)


def _chore_facts(standing: jobs.ChoreStanding) -> dict[str, Any]:
    chore, last = standing.chore, standing.last
    ran = {name: last and getattr(last, name) for name in ("worker", "started_at", "finished_at", "result", "failure")}
    due = {"due_at": standing.due_at, "is_due": standing.is_due, "is_needed": chore.is_needed()}
    return {"name": chore.name, "every_s": chore.every_s, **ran, **due}


def _span(time: timedelta) -> str:
    """In the largest unit of which there are two: 90 s, 119 min, 2 h."""
    seconds = time.total_seconds()
    for size_s, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size_s:
            return f"{seconds / size_s:.0f} {unit}"
    return f"{seconds:.0f} s"
