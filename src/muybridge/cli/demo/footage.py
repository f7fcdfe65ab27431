"""Step 1, ingest: the given clips, or footage rendered by the simulator, become assets with shots and rights."""

import getpass
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muybridge import trust
from muybridge.catalog import assets, rights, shots, uploads
from muybridge.catalog.tables import Asset
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.plan import Plan
from muybridge.errors import Invalid, MuybridgeError

if TYPE_CHECKING:
    from muybridge.simulator.footage import FootagePlan

NUM_RENDERED = 6
"""Six files, so that splits go by source asset (fewer than five would be split by shot)."""
SIDE, FPS, NUM_SHOTS, FRAMES_A_SHOT = 256, 24, 4, 36


class NoFootage(Invalid):
    code = "demo.no_footage"


@dataclass(frozen=True, slots=True)
class Footage:
    """What came in. `refused`: [{"file", "code", "detail", "remedy"}]."""

    asset_ids: list[str]
    num_shots: int
    refused: list[dict[str, str]]


def bring_in(ledger: Ledger, plan: Plan) -> Footage:
    """Ingest every clip, declare its rights, wait for its shots. A file that is refused does not stop the others."""
    if known := ledger.get("footage"):
        return Footage(**known)
    files = plan.videos or {path.name: path for path in render_all(ledger, plan)}
    declaration = _declaration(plan)
    accepted: list[str] = []
    refused: list[dict[str, str]] = []
    for mark, path in files.items():
        try:
            accepted.append(
                uploads.ingest_file(
                    ledger.installation.database,
                    ledger.installation.store,
                    ledger.actor,
                    path,
                    declaration=declaration,
                    key=f"demo/{ledger.key}/{mark}",
                )
            )
        except MuybridgeError as error:
            refused.append({"file": path.name, "code": error.code, "detail": error.detail, "remedy": error.remedy})
    with ledger.read() as session:
        jobs = [trust.load(session, ledger.actor, Asset, asset_id).job_id for asset_id in accepted]
    ledger.wait([job_id for job_id in jobs if job_id], "ingest", must_succeed=False)
    footage = _look(ledger, accepted, refused)
    if not footage.asset_ids:
        raise NoFootage(
            "None of the clips could be ingested: " + "; ".join(f"{r['file']}: {r['detail']}" for r in refused),
            remedy="Name other clips, or none: muybridge demo renders its own.",
        )
    ledger.note("footage", asdict(footage))
    return footage


def _look(ledger: Ledger, asset_ids: list[str], refused: list[dict[str, str]]) -> Footage:
    ready: list[str] = []
    num_shots = 0
    refused = list(refused)
    with ledger.read() as session:
        for asset_id in asset_ids:
            asset = assets.load_asset(session, ledger.actor, asset_id)
            if asset.is_ready:
                ready.append(asset_id)
                num_shots += len(shots.list_shots(session, ledger.actor, asset_id).items)
            else:
                failure: dict[str, Any] = asset.failure or {}
                said = {name: str(failure.get(name, "")) for name in ("code", "detail", "remedy")}
                refused.append({"file": asset.name, **said})
    return Footage(ready, num_shots, refused)


def _declaration(plan: Plan) -> rights.Declaration:
    """Whoever runs the demo declares that they may use these clips; the event says who did."""
    if plan.is_simulated:
        return rights.Declaration(
            source="Muybridge simulator",
            owner="whoever runs it",
            licence="CC0-1.0",
            allowed_uses=("label", "train", "generate", "share"),
        )
    return rights.Declaration(
        source="muybridge demo",
        owner=f"declared by {getpass.getuser()}, who ran the demo",
        licence="declared by the operator",
        allowed_uses=("label", "train", "generate"),
    )


def render_all(ledger: Ledger, plan: Plan) -> list[Path]:
    """The simulator's footage as mp4 files in the demo's folder; rendered once."""
    folder = ledger.folder / "footage"
    folder.mkdir(exist_ok=True)
    paths = [folder / f"playground-{number + 1}.mp4" for number in range(NUM_RENDERED)]
    missing = [number for number, path in enumerate(paths) if not path.exists()]
    if not missing:
        return paths
    from muybridge import media  # PyAV and torch, only for the demo's own footage

    bar = ledger.progress.add_task("render", total=len(paths), completed=len(paths) - len(missing), note="")
    for number in missing:
        frames = (frame.numpy() for frame in plan_of(plan, number).frames())
        media.encode_mp4(frames, paths[number], fps=FPS)
        ledger.progress.update(bar, advance=1, note=paths[number].name)
    return paths


def plan_of(plan: Plan, number: int) -> "FootagePlan":
    """The simulator's plan of one rendered file, with its exact truth."""
    from muybridge.simulator.footage import footage  # torch

    return footage(
        seed=plan.seed * NUM_RENDERED + number,
        height=SIDE,
        width=SIDE,
        fps=FPS,
        num_shots=NUM_SHOTS,
        frames_per_shot=FRAMES_A_SHOT,
    )
