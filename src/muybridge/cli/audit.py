"""`muybridge audit`: who saw what, what happened, and whether the log still holds."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from muybridge import artifacts, db, trust, wiring
from muybridge.catalog import assets
from muybridge.cli.console import AsJson, out, print_json, speaking_errors, table
from muybridge.cli.local import local_owner
from muybridge.wiring import Installation

app = typer.Typer(no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Read the event log."""


@app.command("who-saw")
def who_saw(asset_id: Annotated[str, typer.Argument(help="ast_…")], as_json: AsJson = False) -> None:
    """Who viewed, streamed, downloaded or exported an asset: when, which frames, by which login or key."""
    with speaking_errors(as_json), local_owner() as (installation, owner):
        trust.seal(installation.database)
        with installation.database.read() as session:
            viewers = trust.who_saw(session, owner, asset_id)
            if not viewers and not trust.list_events(session, owner, subject_id=asset_id, limit=1).items:
                assets.load_asset(session, owner, asset_id)  # a slip of the hand must not read as "nobody"
            purposes = artifacts.nodes_of(session, owner, {each for viewer in viewers for each in viewer.purposes})
    if as_json:
        print_json({"asset_id": asset_id, "viewers": [asdict(viewer) for viewer in viewers]})
        return
    rows = [
        (
            viewer.actor_name,
            f"{viewer.first_at:%Y-%m-%d %H:%M:%S}",
            f"{viewer.last_at:%Y-%m-%d %H:%M:%S}",
            ", ".join(f"{name.partition('.')[2]} {count}x" for name, count in viewer.times.items()),
            ", ".join(f"{start}–{end - 1}" for start, end in viewer.spans) or "all",
            ", ".join(viewer.vias),
            ", ".join(purposes[each].name for each in viewer.purposes),
        )
        for viewer in viewers
    ]
    if rows:
        table(f"Who saw {asset_id}", ["who", "first (UTC)", "last (UTC)", "acts", "frames", "by", "for"], rows)
    else:
        out.print(f"Nobody has seen {asset_id}.")


@app.command()
def events(
    subject: Annotated[str | None, typer.Option(help="Only what concerns this id")] = None,
    name: Annotated[str | None, typer.Option(help="Only events of this name, or all of a noun: rights.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=db.MAX_LIMIT)] = 50,
    as_json: AsJson = False,
) -> None:
    """The latest events, newest first."""
    with speaking_errors(as_json), local_owner() as (installation, owner):
        trust.seal(installation.database)
        with installation.database.read() as session:
            items = trust.list_events(session, owner, subject_id=subject, name=name, limit=limit).items
    shown = [
        {
            "seq": event.seq,
            "at": event.created_at,
            "name": event.name,
            "actor_id": event.actor_id,
            "via": event.via,
            "subject_id": event.subject_id,
            "facts": event.facts,
        }
        for event in items
    ]
    if as_json:
        print_json({"items": shown})
    else:
        table("Events", ["#", "at (UTC)", "event", "actor", "by", "subject"], [
            (e["seq"], f"{e['at']:%Y-%m-%d %H:%M:%S}", e["name"], e["actor_id"], e["via"], e["subject_id"])
            for e in shown
        ])  # fmt: skip


@app.command()
def chain(as_json: AsJson = False) -> None:
    """Recompute the hash chain and hold it against the signed heads. Exit code 1 if it does not hold."""
    with speaking_errors(as_json), local_owner() as (installation, owner):
        report = check_chain(installation, owner)
    if as_json:
        print_json({**asdict(report), "is_whole": report.is_whole})
    else:
        out.print(describe_chain(report))
        for fault in report.faults:
            out.print(f"  {fault.kind} at {fault.seq}: {fault.detail}")
    raise typer.Exit(0 if report.is_whole else 1)


def check_chain(installation: Installation, owner: trust.Actor) -> trust.ChainReport:
    """Seal what is not sealed yet, then verify the owner's chain against the heads in the data folder."""
    data_dir: Path = installation.settings.data_dir
    trust.seal(installation.database)
    signer = wiring.events_signer(installation)
    with installation.database.read() as session:
        return trust.verify_chain(
            session, owner.tenant_id, heads_dir=data_dir / "heads", public_key=signer.public_key()
        )


def describe_chain(report: trust.ChainReport) -> str:
    verdict = "holds" if report.is_whole else "DOES NOT HOLD"
    return f"the event chain {verdict}: {report.num_events} events, {report.num_heads} signed heads"
