"""Text to video: which facts of a caption the made clip shows; and back: does the network tell of it what was asked?

On the Desk things are also said while the clip runs ("the blue circle turns green"): `said_in_time` is whether exactly
those things happen, `said_late` the same in clips twice as long as training's. A caption that is longer than the
network's window of text cannot be asked and is left out; the figure `can_be_asked` says how often that is.
"""

from dataclasses import asdict, fields, replace
from typing import NamedTuple

from torch import Tensor

from muybridge.evaluation.card.asking import NEAREST_OF, Ask, Clips, actions_of
from muybridge.evaluation.card.cells import PHYWORLD, Cell
from muybridge.evaluation.card.figures import Figure, share
from muybridge.evaluation.card.floors import memory_of
from muybridge.simulator import captions, judge
from muybridge.simulator.configs import RoomConfig
from muybridge.simulator.judge import FactScores
from muybridge.training.card import is_exact, score_facts
from muybridge.worldmodel.sampler import Wish

NUM_SHOWN = 32


class Shown(NamedTuple):
    """A true clip and a made one of the same words: uint8 [T, H, W, 3] each."""

    prompt: str
    true: Tensor
    made: Tensor


def applies(cell: Cell) -> bool:
    """PhyWorld's captions say nothing that differs between clips; where frames are given, only what is said later."""
    return cell.config.room not in PHYWORLD and (not cell.num_given or cell.config.room == "desk")


def score(ask: Ask, cell: Cell) -> tuple[list[Figure], list[Shown]]:
    """Facts right in made clips, and captions of made clips. Also the first clips, whatever they look like."""
    if cell.num_given:
        return _said_while_it_runs(ask, cell), []
    memory = memory_of(ask, cell.config, NEAREST_OF[ask.extent])
    made_scores: list[FactScores] = []
    true_scores: list[FactScores] = []
    near_scores: list[FactScores] = []
    askable: list[float] = []
    cycles: list[float] = []
    shown: list[Shown] = []
    for clips in ask.batches(cell.config, has_new_wording=cell.has_new_wording):
        rows = [row for row, words in enumerate(clips.words) if ask.can_read(words)]
        askable += [float(row in rows) for row in range(len(clips.words))]
        if not rows:
            continue
        made = _make(ask, clips, rows)
        wanted = [clips.facts[row] for row in rows]
        made_scores += score_facts(made, wanted, cell.config)
        true_scores += score_facts(clips.true[rows], wanted, cell.config)
        near_scores += [judge.compare(memory.nearest_facts(facts), facts) for facts in wanted]
        written = ask.sampler.captions(made, ask.sampler.model.config.max_text, cell.config.fps)
        cycles += [float(is_exact(caption, facts)) for caption, facts in zip(written, wanted, strict=True)]
        shown += [
            Shown(clips.words[row], clips.true[row], made[at])
            for at, row in enumerate(rows)
            if clips.first + row < NUM_SHOWN
        ]
    figures = _facts(made_scores, true_scores, near_scores)
    if cell.config.room == "desk" and not cell.has_new_wording:
        figures += _said_while_it_runs(ask, cell)
    cycle = share("cycle", "told_again", cycles)
    return [*figures, cycle, share("text_to_video", "can_be_asked", askable)], shown


def _make(ask: Ask, clips: Clips, rows: list[int]) -> Tensor:
    wishes = [
        Wish(clips.words[row], seed=ask.seed_of(clips.first + row), actions=actions_of(clips.scene, row))
        for row in rows
    ]
    return ask.make(wishes, clips.scene.config)


def _facts(made: list[FactScores], true: list[FactScores], near: list[FactScores]) -> list[Figure]:
    """A figure for every kind of fact that was wanted at all."""
    found = []
    for name in (field.name for field in fields(FactScores)):
        values = [asdict(each)[name] for each in made]
        figure = share(
            "text_to_video",
            name,
            values,
            ceiling=[asdict(each)[name] for each in true],
            floors={"nearest": [asdict(each)[name] for each in near]},
        )
        if figure.value is not None:
            found.append(figure)
    return found


def _said_while_it_runs(ask: Ask, cell: Cell) -> list[Figure]:
    late = replace(cell.config, num_frames=2 * cell.config.num_frames)
    return [_said(ask, cell, cell.config, "said_in_time"), _said(ask, cell, late, "said_late")]


def _said(ask: Ask, cell: Cell, config: RoomConfig, name: str) -> Figure:
    """Whether what is said before a frame happens, in clips whose opening tells of nothing that happens."""
    happened: dict[str, list[float]] = {"model": [], "true": [], "silent": []}
    for clips in ask.batches(config):
        said = captions.cues(clips.scene)
        opened = [""] * len(said) if cell.num_given else captions.captions(clips.scene, tells_events=False)
        rows = [row for row, each in enumerate(said) if each and (cell.num_given or ask.can_read(opened[row]))]
        if not rows:
            continue
        given = clips.true[:, : cell.num_given] if cell.num_given else [None] * len(said)
        quiet = [Wish(opened[row], seed=ask.seed_of(clips.first + row), given=given[row]) for row in rows]
        told = [replace(wish, events=dict(said[row])) for wish, row in zip(quiet, rows, strict=True)]
        frames = {
            "model": ask.make(told, config),
            "true": clips.true[rows],
            "silent": ask.make(quiet, config),
        }
        wanted = [clips.facts[row] for row in rows]
        for method, each in frames.items():
            happened[method] += [score.events for score in score_facts(each, wanted, config)]
    return share(
        "text_to_video",
        name,
        happened["model"],
        ceiling=happened["true"],
        floors={"silent": happened["silent"]},
    )
