"""The Arcade played: does the avatar obey, do walls hold, are coins counted, and do five actions give five futures?

The simulator plays the same actions from the same state; the avatar is read from the pixels.
"""

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from muybridge.evaluation.card.asking import Ask, Clips
from muybridge.evaluation.card.cells import Cell
from muybridge.evaluation.card.figures import Figure, share
from muybridge.evaluation.card.floors import copy_last
from muybridge.simulator import actions, judge
from muybridge.simulator.actions import PLAYER_SLOT
from muybridge.simulator.arcade import NUM_TILES, STEP, TILE
from muybridge.simulator.scenes import SceneBatch
from muybridge.simulator.vocabulary import ACTIONS, COIN

GIVEN = 2
HELD = 2
"""Frames for which each action of a counterfactual is held."""
_HALF_STEP = 0.5 * STEP / (NUM_TILES * TILE)


def applies(cell: Cell) -> bool:
    return cell.config.room == "arcade"


def score(ask: Ask, cell: Cell) -> list[Figure]:
    """Played clips, and what-if clips of every action from one context."""
    played = _Played()
    futures: list[_Futures] = []
    for clips in ask.batches(cell.config):
        played.add(clips, ask.continuations(clips, GIVEN))
        # Held-out turns come after the context, so that of their cell would be the same.
        if cell.config.holdout != "macros":
            futures.append(_counterfactual(ask, clips))
    return [*played.figures(), *(_what_if(futures) if futures else ())]


def _what_if(futures: list["_Futures"]) -> list[Figure]:
    each = torch.cat([part.is_right_BA for part in futures]).to(torch.float32)
    differs = torch.cat([part.differs_B for part in futures])
    copies = torch.cat([part.copy_is_right_BA for part in futures]).to(torch.float32)
    every = each.amin(1)
    return [
        share("actions", "counterfactual", each.mean(1).tolist(), floors={"copy": copies.mean(1).tolist()}),
        share("actions", "counterfactual_all_five", every.tolist(), floors={"copy": copies.amin(1).tolist()}),
        share("actions", "counterfactual_five_distinct", every[differs].tolist()),
    ]


class _Played:
    """What was seen of played clips, by method."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, list[float]]] = {}

    def add(self, clips: Clips, made: Tensor) -> None:
        frames = {"model": made, "true": clips.true, "copy": copy_last(clips.true, GIVEN)}
        scene = clips.scene
        steps = scene.position_BTO2[:, :, PLAYER_SLOT].diff(dim=1)[:, GIVEN - 1 :]
        moves = steps.abs().amax(-1) > _HALF_STEP
        coins = (scene.present_BTO[:, -1] & (scene.role_BO == COIN)).sum(1).tolist()
        for method, each in frames.items():
            follows = judge.follows_actions(each, scene)[:, GIVEN - 1 :]
            path = judge.player_path(each, scene)[:, GIVEN:]
            self._put("following", method, follows.to(torch.float32).mean(1))
            self._put("following_moves", method, _mean_where(follows, moves))
            self._put("in_walls", method, judge.stands_in_wall(path, scene).to(torch.float32).mean(1))
            counted = [float(seen == due) for seen, due in zip(judge.coins_left(each), coins, strict=True)]
            self._put("coins_right", method, torch.tensor(counted))

    def _put(self, name: str, method: str, values: Tensor) -> None:
        self._values.setdefault(name, {}).setdefault(method, []).extend(values.tolist())

    def figures(self) -> list[Figure]:
        return [
            share(
                "actions",
                name,
                by_method["model"],
                ceiling=by_method["true"],
                floors={"copy": by_method["copy"]},
                is_higher_better=name != "in_walls",
            )
            for name, by_method in self._values.items()
        ]


class _Futures(NamedTuple):
    """For each context [B] and action [A]: whether the avatar came to stand where the simulator's does."""

    is_right_BA: Tensor
    copy_is_right_BA: Tensor
    differs_B: Tensor
    "bool: the simulator's five futures differ from each other."


def _counterfactual(ask: Ask, clips: Clips) -> _Futures:
    state = actions.start(clips.scene.split, clips.scene.indices_B, clips.scene.config)
    right, copied, ends = [], [], []
    for action in range(len(ACTIONS)):
        played = torch.cat(
            [clips.scene.action_BT[:, :GIVEN], torch.full((len(clips.words), HELD), action, dtype=torch.int64)], 1
        )
        scene = _shortened(actions.rollout(state, played, split=clips.scene.split), clips)
        true = ask.draw(scene)
        branch = Clips(scene, true, clips.facts, clips.words, clips.first)
        right.append(_arrives(ask.continuations(branch, GIVEN), scene))
        copied.append(_arrives(copy_last(true, GIVEN), scene))
        ends.append(scene.position_BTO2[:, -1, PLAYER_SLOT])
    apart = torch.cdist(torch.stack(ends, 1), torch.stack(ends, 1))
    apart += torch.eye(len(ACTIONS))
    return _Futures(torch.stack(right, 1), torch.stack(copied, 1), (apart > _HALF_STEP).flatten(1).all(1))


def _shortened(scene: SceneBatch, clips: Clips) -> SceneBatch:
    """The branch as a scene of the cell's own room, as long as it is."""
    config = replace(clips.scene.config, num_frames=scene.num_frames)
    return replace(scene, config=config, indices_B=clips.scene.indices_B)


def _arrives(frames: Tensor, scene: SceneBatch) -> Tensor:
    """bool [B]: the avatar's whole displacement since the context is the simulator's, to half a step."""
    path = judge.player_path(frames, scene)
    true = scene.position_BTO2[:, :, PLAYER_SLOT]
    gap = (path[:, -1] - path[:, GIVEN - 1]) - (true[:, -1] - true[:, GIVEN - 1])
    return (gap.abs() < _HALF_STEP).all(-1)


def _mean_where(values_BT: Tensor, counted_BT: Tensor) -> Tensor:
    """Share of the counted ones [B]; nan where none is counted."""
    total = counted_BT.sum(1).to(torch.float32)
    return (values_BT & counted_BT).sum(1) / torch.where(total > 0, total, torch.nan)
