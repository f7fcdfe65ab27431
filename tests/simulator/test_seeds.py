"""Counter-based seeds: any clip, in any batch, always the same; no clip of two splits."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from muybridge.errors import Invalid
from muybridge.simulator.seeds import MAX_INDEX, SPLITS, Draws, keys, mix64


def test_keys_of_all_splits_and_rooms_are_disjoint() -> None:
    indices = torch.arange(2000)
    every = torch.cat([keys(split, room, indices) for split in SPLITS for room in range(1, 8)])
    assert len(every.unique()) == len(every) == len(SPLITS) * 7 * 2000


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, max_size=50, unique=True))
def test_mixing_never_makes_two_words_one(words: list[int]) -> None:
    mixed = mix64(torch.tensor(words, dtype=torch.int64))
    assert len(set(mixed.tolist())) == len(words)


def test_mixing_is_splitmix64() -> None:
    # First outputs of the reference implementation seeded with 0 (state advances by the golden ratio before mixing).
    golden = 0x9E3779B97F4A7C15
    states = torch.tensor([(golden * k + 2**63) % 2**64 - 2**63 for k in (1, 2)], dtype=torch.int64)
    assert [word % 2**64 for word in mix64(states).tolist()] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]


def test_draws_of_one_name_do_not_depend_on_other_draws_or_on_the_batch() -> None:
    alone = Draws(keys("train", 2, torch.tensor([7]))).uniform("place", 3)
    beside = Draws(keys("train", 2, torch.arange(20)))
    beside.uniform("other", 5)
    assert torch.equal(beside.uniform("place", 3)[7:8], alone)


def test_uniform_draws_are_uniform() -> None:
    spread = Draws(keys("dev", 1, torch.arange(50_000))).uniform("x")
    assert spread.mean().item() == pytest.approx(0.5, abs=0.005)
    assert spread.std().item() == pytest.approx(12**-0.5, abs=0.005)
    assert 0.0 <= spread.min().item() <= spread.max().item() < 1.0


def test_a_masked_choice_takes_allowed_entries_only_and_all_of_them_evenly() -> None:
    allowed = torch.tensor([False, True, False, True, True]).expand(30_000, -1)
    counts = Draws(keys("dev", 1, torch.arange(30_000))).masked_choice("m", allowed).bincount(minlength=5)
    assert counts.tolist()[0::2][:2] == [0, 0]
    assert all(abs(count - 10_000) < 400 for count in counts[[1, 3, 4]].tolist())


@pytest.mark.parametrize(("split", "index"), [("validation", 0), ("train", -1), ("train", MAX_INDEX)])
def test_unknown_splits_and_impossible_indices_are_refused(split: str, index: int) -> None:
    with pytest.raises(Invalid):
        keys(split, 1, torch.tensor([index]))
