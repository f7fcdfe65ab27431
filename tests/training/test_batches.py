from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from video import make_clip

from muybridge.training import objective, recipes
from muybridge.training.batches import Feed, NoClips, SeedOutOfRange
from muybridge.training.footage import FootageClip
from muybridge.training.footage_clips import VideoClips
from muybridge.training.recipe import BadRecipe, Recipe, SimulatorClips
from muybridge.training.rooms import RoomClips, RoomStills
from muybridge.worldmodel import sequence
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.text import Tokenizer


def _feed(recipe: Recipe, seed: int = 0) -> Feed:
    sources = [(clips.weight, RoomClips(clips, recipe)) for clips in recipe.clips]
    return Feed(sources, Tokenizer(), batch_clips=recipe.batch_clips, seed=seed)


def test_a_step_gives_the_same_clips_whenever_it_is_asked_for(a_recipe: Callable[..., Recipe]) -> None:
    in_order, at_once = _feed(a_recipe()), _feed(a_recipe())
    for step in range(12):
        last = in_order.examples(step)
    again = at_once.examples(11)
    assert torch.equal(last.frames, again.frames)
    assert last.pieces == again.pieces


def test_no_clip_comes_twice_and_seeds_share_none(a_recipe: Callable[..., Recipe]) -> None:
    seen = [_feed(a_recipe(), seed).examples(step).frames.flatten(1) for seed in (0, 1) for step in range(9)]
    assert len(torch.cat(seen).unique(dim=0)) == 2 * 9 * 4


def test_a_clip_carries_its_caption_before_and_after_its_frames(a_recipe: Callable[..., Recipe]) -> None:
    pieces = _feed(a_recipe()).examples(0).pieces[0]
    assert [(piece.branch, piece.before_frame) for piece in pieces] == [
        (sequence.PROMPT_BRANCH, 0),
        (sequence.FIRST_ANSWER_BRANCH, 4),
    ]


def test_a_still_is_the_first_frame_of_a_clip_that_no_batch_has(a_recipe: Callable[..., Recipe]) -> None:
    recipe = a_recipe()
    (shown,) = recipe.clips
    clips = RoomClips(shown, recipe)
    numbers = torch.arange(6)
    stills, there = RoomStills(clips).clips(numbers), clips.clips(numbers + (1 << 31))
    assert torch.equal(stills.frames, there.frames[:, :1])
    assert stills.prompts == there.prompts
    assert not any(stills.captions)
    assert not torch.equal(stills.frames, clips.clips(numbers).frames[:, :1])


def test_where_frames_are_given_a_still_is_the_frame_that_words_draw(a_recipe: Callable[..., Recipe]) -> None:
    shown = SimulatorClips("desk", num_given=1, scene_frames=12)
    clips, numbers = RoomClips(shown, a_recipe()), torch.arange(64)
    stills = RoomStills(clips).clips(numbers)
    assert stills.frames.shape[:2] == (64, 2)
    assert (stills.num_given, set(stills.prompts), any(stills.captions)) == (1, {""}, False)
    said = [bool(cues) for cues in stills.cues]
    assert 0.6 < sum(said) / 64 < 0.95
    assert all(frame == 1 for cues in stills.cues for frame, _ in cues)
    changes = (stills.frames[:, 0] != stills.frames[:, 1]).flatten(1).any(1)
    assert changes[torch.tensor(said)].all()


def test_windows_start_anywhere_in_their_scenes_and_are_its_frames(a_recipe: Callable[..., Recipe]) -> None:
    recipe, numbers = a_recipe(), torch.arange(64)
    shown = SimulatorClips("uniform", num_given=1, scene_frames=32, begun_part=0.0)
    rows = RoomClips(shown, recipe).clips(numbers)
    whole = RoomClips(shown, replace(recipe, num_frames=32, model=replace(recipe.model, window=32))).clips(numbers)
    fitting = [
        [at for at in range(32) if torch.equal(rows.frames[row], whole.frames[row, at : at + recipe.num_frames])]
        for row in range(64)
    ]
    # Where a ball has left the frame, windows are alike.
    starts = {row: fits[0] for row, fits in enumerate(fitting) if len(fits) == 1}
    assert rows.frames.shape[1] == recipe.num_frames
    assert {0, 32 - recipe.num_frames} <= {start for fits in fitting for start in fits}
    assert len(starts) > 32
    assert rows.before is not None
    for row, start in starts.items():
        count = min(start, recipe.model.history)
        assert int(rows.before.count[row]) == count
        seen = rows.before.frames[row, recipe.model.history - count :]
        assert torch.equal(seen, whole.frames[row, start - count : start])


def test_a_window_reads_the_frames_before_it_as_its_whole_scene_would() -> None:
    frames = torch.randn(3, 8, 4, 5)
    order = torch.arange(8).expand(3, 8)
    none, two = torch.zeros(3, 2, 4, 5), frames[:, 2:4]
    whole = objective._history(frames, order, none)
    assert torch.equal(whole[:, 1, 0], frames[:, 0])
    assert not whole[:, 1, 1].any()
    assert torch.equal(objective._history(frames[:, 4:], order[:, :4], two), whole[:, 4:])


def test_frames_before_a_clip_are_read_where_they_were_and_nowhere_else(a_recipe: Callable[..., Recipe]) -> None:
    shown = SimulatorClips("uniform", num_given=1, scene_frames=32)
    recipe = a_recipe(clips=(SimulatorClips("bakeoff"), shown), batch_clips=16)
    torch.manual_seed(0)
    model, examples = WorldModel(recipe.model), _feed(recipe).examples(0)
    torch.nn.init.normal_(model.patch_out.weight, std=0.1)
    before = examples.before
    assert before is not None
    assert 0 < int((before.count > 0).sum()) < 16

    def loss_of(frames: torch.Tensor) -> float:
        seen = replace(examples, before=objective.Before(frames, before.count))
        return float(objective.losses(model, seen, recipe, objective.step_generator(0, 0)).frames)

    was_seen = (torch.arange(recipe.model.history) >= recipe.model.history - before.count[:, None])[
        ..., None, None, None
    ]
    other = 255 - before.frames
    assert loss_of(torch.where(was_seen, before.frames, other)) == loss_of(before.frames)
    assert loss_of(torch.where(was_seen, other, before.frames)) != loss_of(before.frames)


@pytest.mark.parametrize("part", [0.25, 0.5])
def test_as_many_windows_begin_as_are_asked_for_from_every_start(a_recipe: Callable[..., Recipe], part: float) -> None:
    shown = SimulatorClips("desk", num_given=1, scene_frames=12, begun_part=part)
    numbers = (3 << 32) + (1 << 31) + torch.arange(900)
    before = RoomClips(shown, a_recipe()).clips(numbers).before
    assert before is not None
    for start in range(1, 9):
        begun = before.count[numbers % 9 == start] == 0
        assert float(begun.float().mean()) == pytest.approx(part, abs=0.06)


def test_what_begins_with_words_has_nothing_before_it(a_recipe: Callable[..., Recipe]) -> None:
    recipe = a_recipe(clips=(SimulatorClips("uniform", scene_frames=32),))
    assert _feed(recipe).examples(0).before is None


def test_windows_longer_than_their_scenes_are_refused(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(BadRecipe, match="longer than the scenes"):
        a_recipe(clips=(SimulatorClips("uniform", scene_frames=2),))


def test_stills_without_a_room_that_is_told_in_words_are_refused() -> None:
    with pytest.raises(BadRecipe, match="no room of it is told in words"):
        recipes.recipe("mini", stills=8, clips=(SimulatorClips("arcade", num_given=1),))


def test_stills_that_differ_in_what_is_given_are_refused() -> None:
    with pytest.raises(BadRecipe, match="as many given frames"):
        recipes.recipe("mini", stills=8, clips=(SimulatorClips("lab"), SimulatorClips("desk", num_given=1)))


def test_a_seed_out_of_range_is_refused(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(SeedOutOfRange, match="Choose 0 to 65535"):
        _feed(a_recipe(), seed=70_000)


def test_nothing_to_train_on_is_refused() -> None:
    with pytest.raises(NoClips):
        Feed([], Tokenizer(), batch_clips=4, seed=0)


def test_a_given_frame_stands_for_a_prompt_and_is_not_learned(a_recipe: Callable[..., Recipe]) -> None:
    examples = _feed(a_recipe(clips=(SimulatorClips("arcade", num_given=1),))).examples(0)
    assert examples.learned.tolist() == [[0.0, 1.0, 1.0, 1.0]] * 4
    assert {piece.branch for row in examples.pieces for piece in row} == {sequence.FIRST_ANSWER_BRANCH}
    assert examples.actions[:, 1:].any()


def test_a_frame_that_is_not_learned_costs_nothing(a_recipe: Callable[..., Recipe]) -> None:
    recipe = a_recipe()
    torch.manual_seed(0)
    model, examples = WorldModel(recipe.model), _feed(recipe).examples(0)
    examples.learned[:, 1:] = 0.0

    def loss_of(frames: torch.Tensor) -> float:
        seen = replace(examples, frames=frames)
        return float(objective.losses(model, seen, recipe, objective.step_generator(0, 0)).frames)

    repainted = examples.frames.clone()
    repainted[:, 1:] = 255 - repainted[:, 1:]
    assert loss_of(repainted) == loss_of(examples.frames)
    assert loss_of(examples.frames // 2) != loss_of(examples.frames)


def test_footage_that_is_to_be_continued_opens_with_given_frames(
    a_recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    path = make_clip(tmp_path / "street.mp4", num_frames=24, fps=16, size=(64, 48))
    recipe = a_recipe(clips=(), footage_given=2)
    source = VideoClips([FootageClip(path, 0, 24, 16.0, "two people")], recipe)
    examples = Feed([(1.0, source)], Tokenizer(), batch_clips=4, seed=0).examples(0)
    assert examples.learned.tolist() == [[0.0, 0.0, 1.0, 1.0]] * 4
