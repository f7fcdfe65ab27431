"""Long roll-outs: do things stay what they are, far beyond the length of training's clips?

Two frames are given and nothing is said. Bodies count while, by the truth, they stand wholly in the frame; the Lab's
clips are of regimes that keep them there (bounces, orbits). Copying the last frame would keep every identity: this
group is read beside `continuation`, not alone.
"""

from dataclasses import replace

from muybridge.evaluation.card.asking import HORIZONS, Ask
from muybridge.evaluation.card.cells import PHYWORLD, Cell
from muybridge.evaluation.card.figures import Figure, mean, share
from muybridge.simulator import judge
from muybridge.simulator.configs import RoomConfig
from muybridge.simulator.judge import Identity
from muybridge.simulator.vocabulary import REGIMES

GIVEN = 2
_PART = {"quick": 4, "usual": 4, "full": 1}
"""One clip in so many is rolled out: each is as long as ten."""
_LEAST = 8
_BAKEOFF_HORIZONS = (12,)
"""Its bodies cross the frame in less than twenty frames: twice the training's length is as long as it goes."""
_STAYING = tuple(REGIMES.index(name) for name in ("bounce", "orbit"))


def applies(cell: Cell) -> bool:
    """In distribution only: what is held out is hardly kept for the length of a clip. The Desk changes on cue."""
    return cell.where == "in_distribution" and cell.config.room not in (*PHYWORLD, "desk")


def staying(config: RoomConfig, num_frames: int) -> RoomConfig:
    """The room's clips of this length in which bodies stay in the frame, as far as the recipe has such."""
    regimes = tuple(regime for regime in config.regimes if regime in _STAYING) or config.regimes
    return replace(config, num_frames=num_frames, regimes=regimes, is_camera_moving=False)


def score(ask: Ask, cell: Cell) -> list[Figure]:
    """Identity, area and palette at every horizon, beside the same on true frames."""
    horizons = _BAKEOFF_HORIZONS if cell.config.room == "bakeoff" else HORIZONS[ask.extent]
    config = staying(cell.config, horizons[-1])
    count = min(ask.n, max(_LEAST, ask.n // _PART[ask.extent]))
    found: dict[int, tuple[list[Identity], list[Identity]]] = {horizon: ([], []) for horizon in horizons}
    for clips in ask.batches(config, n=count):
        made = ask.continuations(clips, GIVEN)
        for horizon, (ours, true) in found.items():
            ours.append(judge.identity(made, clips.scene, horizon))
            true.append(judge.identity(clips.true, clips.scene, horizon))
    return [figure for horizon, (ours, true) in found.items() for figure in _figures(horizon, ours, true)]


def _figures(horizon: int, ours: list[Identity], true: list[Identity]) -> list[Figure]:
    def gathered(parts: list[Identity], name: str) -> list[float]:
        return [float(value) for part in parts for value in getattr(part, name)]

    kept = share("long", f"identity_at_{horizon}", gathered(ours, "kept"), ceiling=gathered(true, "kept"))
    others = [
        mean("long", f"{name}_at_{horizon}", gathered(ours, name), unit="", ceiling=gathered(true, name))
        for name in ("area_drift", "off_palette")
    ]
    return [kept, *others]
