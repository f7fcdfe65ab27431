"""Imagining with a scrambled network: frames mean nothing, but each depends on all that led to it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from muybridge.generation import imagining
from muybridge.generation.imagining import MAX_MOMENTS, Imagination, Opening, Player, Shelf
from muybridge.generation.journal import Entry
from muybridge.simulator.ghosts import ArcadeGhost
from muybridge.training import recipes
from muybridge.training.recipe import SimulatorClips
from muybridge.worldmodel import text
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.sampler import ActionOutOfRange, Sampler, Sampling
from muybridge.worldmodel.text import EmptyPrompt, PromptTooLong, Tokenizer

SMALL = ModelConfig("small", width=32, layers=2, heads=2, vocab_size=text.FIRST_MERGE, window=4, max_text=64)
PATH = [Entry(0), *(Entry(n % 5, "the ball turns blue" if n == 5 else None) for n in range(1, 40))]


@pytest.fixture(scope="module")
def sampler() -> Sampler:
    torch.set_num_threads(1)
    dice = torch.Generator().manual_seed(3)
    model = WorldModel(SMALL)
    for weights in model.parameters():
        weights.data += 0.2 * torch.randn(weights.shape, generator=dice)
    return Sampler(model, Tokenizer())


@pytest.fixture
def opening() -> Callable[..., Opening]:
    def make(room: str | None = "arcade", prompt: str = "") -> Opening:
        return Opening(room, prompt, Sampling(first_steps=2, steps=1))

    return make


def frames_of(sampler: Sampler, opening: Opening, seed: int, path: list[Entry]) -> list[torch.Tensor]:
    return list(imagining.replay(sampler, opening, seed, path))


def test_whichever_way_one_gets_there_the_frame_is_the_same(sampler: Sampler, opening: Callable[..., Opening]) -> None:
    straight = frames_of(sampler, opening(), 5, PATH)
    player = Player(sampler, opening())
    player.go_to(5, PATH[:30])
    for target in (29, 7, 3, 18, 0, 39, 38):
        player.go_to(5, PATH[: target + 1])
        assert player.imagination is not None
        assert torch.equal(player.imagination.frame(), straight[target])
    other = [*PATH[:6], Entry(4), *PATH[7:12]]
    player.go_to(5, other)
    assert torch.equal(player.imagination.frame(), frames_of(sampler, opening(), 5, other)[-1])
    assert not torch.equal(player.imagination.frame(), straight[11])
    player.go_to(6, PATH[:3])
    assert torch.equal(player.imagination.frame(), frames_of(sampler, opening(), 6, PATH[:3])[-1])


def test_a_room_begins_as_training_showed_it(sampler: Sampler, opening: Callable[..., Opening]) -> None:
    shown = SimulatorClips("arcade", num_given=1, changes={"is_side_on": False})
    begun = [Imagination(sampler, replace(opening(), shown=shown), seed) for seed in range(8)]
    assert not any(bool(each.ghost.state.is_side_on_B) for each in begun if isinstance(each.ghost, ArcadeGhost))
    assert {each.prompt for each in begun} == {""}
    usual = [Imagination(sampler, opening(), seed).ghost for seed in range(8)]
    assert {bool(each.state.is_side_on_B) for each in usual if isinstance(each, ArcadeGhost)} == {True, False}


def test_only_who_was_told_on_the_desk_what_changes_hears_words() -> None:
    """Elsewhere words come before a clip and none while it runs."""
    mini, lab = recipes.mini().to_json(), recipes.lab().to_json()
    heard = {room: imagining.hears_words(mini, room) for room in ("desk", "arcade", "lab", None)}
    assert heard == {"desk": True, "arcade": False, "lab": False, None: True}
    assert not any(imagining.hears_words(lab, room) for room in ("desk", "lab", None))


def test_what_is_said_takes_the_place_of_what_was_said(sampler: Sampler, opening: Callable[..., Opening]) -> None:
    begun = Imagination(sampler, opening("desk", prompt="a desk"), 5)
    for said in (None, "the ball turns blue", None, "the ball turns red"):
        begun.step(Entry(0, said))
    kept = begun.moment().rollout.cache.said
    assert kept is not None
    assert sampler.tokenizer.decode(kept.tokens[0].tolist()).strip() == "the ball turns red"


def test_as_many_frames_are_given_as_training_gave(sampler: Sampler, opening: Callable[..., Opening]) -> None:
    thrice = replace(opening("parabola"), shown=SimulatorClips("parabola", num_given=3))
    begun = Imagination(sampler, thrice, 5)
    assert [begun.step(Entry(0)).is_imagined for _ in range(5)] == [False, False, False, True, True]
    assert begun.ghost is not None


def test_the_ghost_is_the_simulator_and_comes_back_with_the_frame(
    sampler: Sampler, opening: Callable[..., Opening]
) -> None:
    player = Player(sampler, opening())
    player.go_to(5, PATH[:5])
    assert player.imagination is not None
    before = player.imagination.ghost_frame()
    player.step(PATH[5])
    assert player.imagination.ghost is None
    assert player.imagination.ghost_note == "The simulator has no rule for what was said."
    player.go_to(5, PATH[:5])
    after = player.imagination.ghost_frame()
    assert before is not None
    assert after is not None
    assert torch.equal(before, after)


def test_what_cannot_be_done_leaves_everything_as_it_was(sampler: Sampler, opening: Callable[..., Opening]) -> None:
    straight = frames_of(sampler, opening(None, "a ball"), 1, [Entry(0), Entry(1)])
    imagination = imagining.Imagination(sampler, opening(None, "a ball"), 1)
    imagination.step(Entry(0))
    for wrong, error in (
        (Entry(6), ActionOutOfRange),
        (Entry(0, "  "), EmptyPrompt),
        (Entry(0, "blue " * 5000), PromptTooLong),
    ):
        with pytest.raises(error):
            imagination.step(wrong)
    assert torch.equal(imagination.step(Entry(1)).frame, straight[1])


def test_a_room_says_its_own_caption_where_it_fits(sampler: Sampler, opening: Callable[..., Opening]) -> None:
    assert imagining.Imagination(sampler, opening("uniform"), 1).prompt == "a red ball in uniform motion"
    # Byte by byte an Arcade's caption is longer than 32 tokens.
    assert imagining.Imagination(sampler, opening("arcade"), 1).prompt == ""


def test_however_long_the_way_few_moments_are_kept(sampler: Sampler, opening: Callable[..., Opening]) -> None:
    shelf, most = Shelf(), 0
    moment = imagining.Imagination(sampler, opening(None, "a ball"), 1).moment()
    for number in range(1, 3000):
        if shelf.is_due(number):
            shelf.keep(moment._replace(num_frames=number))
        most = max(most, len(shelf))
    assert most == MAX_MOMENTS
    nearest = shelf.back_to(2000)
    assert nearest is not None
    assert 2000 - nearest.num_frames < 3000 / MAX_MOMENTS * 2
