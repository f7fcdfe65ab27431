import pytest
import torch

from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.sampler import ActionOutOfRange, BadSampling, Sampler, Sampling, Wish
from muybridge.worldmodel.text import EmptyPrompt, PromptTooLong, Tokenizer

HOW = Sampling(first_steps=3, steps=2)


@pytest.fixture
def sampler(small_model: WorldModel, tokenizer: Tokenizer) -> Sampler:
    return Sampler(small_model, tokenizer)


def _clip(num_frames: int) -> torch.Tensor:
    return torch.randint(0, 256, (num_frames, 16, 24, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))


def test_text_becomes_video(sampler: Sampler) -> None:
    frames = sampler.sample([Wish("a red circle"), Wish("a blue square", seed=1)], 7, HOW)
    assert frames.shape == (2, 7, 16, 24, 3)
    assert frames.dtype == torch.uint8


def test_a_seed_gives_the_same_clip_alone_and_in_a_batch(sampler: Sampler) -> None:
    wish = Wish("a red circle", seed=11)
    alone = sampler.sample([wish], 4, HOW)[0]
    beside = sampler.sample([Wish("a blue square moves", seed=5), wish], 4, HOW)[1]
    # Batched products round differently by a bit: a pixel may differ by one.
    assert (alone.int() - beside.int()).abs().max() <= 1


def test_another_seed_gives_another_clip(sampler: Sampler) -> None:
    one, other = (sampler.sample([Wish("a red circle", seed=seed)], 2, HOW) for seed in (1, 2))
    assert not torch.equal(one, other)


def test_given_frames_begin_the_clip_as_they_were(sampler: Sampler) -> None:
    given = _clip(2)
    frames = sampler.sample([Wish(given=given)], 5, HOW)
    assert torch.equal(frames[0, :2], given)


def test_a_stream_yields_frame_by_frame(sampler: Sampler) -> None:
    stream = sampler.stream([Wish("a red circle")], 1000, HOW)
    assert next(stream).shape == (1, 16, 24, 3)
    assert next(stream).shape == (1, 16, 24, 3)


def test_words_in_mid_stream_change_what_follows(sampler: Sampler) -> None:
    silent = sampler.sample([Wish("a red circle", seed=3)], 4, HOW)[0]
    spoken = sampler.sample([Wish("a red circle", seed=3, events={2: "turns blue"})], 4, HOW)[0]
    assert [torch.equal(silent[t], spoken[t]) for t in range(4)] == [True, True, False, False]


def test_actions_change_what_follows(sampler: Sampler) -> None:
    left = sampler.sample([Wish(seed=3, actions=(0, 1, 1))], 3, HOW)[0]
    right = sampler.sample([Wish(seed=3, actions=(0, 2, 2))], 3, HOW)[0]
    assert [torch.equal(left[t], right[t]) for t in range(3)] == [True, False, False]


def test_frames_between_two_images_keep_both(sampler: Sampler) -> None:
    first, last = _clip(2)
    frames = sampler.between(first[None], last[None], 5, seeds=[0], how=HOW)
    assert frames.shape == (1, 5, 16, 24, 3)
    assert torch.equal(frames[0, 0], first)
    assert torch.equal(frames[0, 4], last)


def test_captions_and_answers_are_text(sampler: Sampler) -> None:
    clips = torch.stack([_clip(3), _clip(3)])
    assert all(isinstance(caption, str) for caption in sampler.captions(clips, max_tokens=4))
    answers = sampler.answers(clips, ["what colour is it", "which shape"], max_tokens=3)
    assert len(answers) == 2


def test_an_action_out_of_range_is_refused_with_the_range(sampler: Sampler) -> None:
    with pytest.raises(ActionOutOfRange, match=r"Action 9 at frame 1.*0 \(none\) to 5"):
        sampler.sample([Wish(actions=(0, 9))], 3, HOW)


def test_empty_and_enormous_prompts_are_refused(sampler: Sampler) -> None:
    with pytest.raises(EmptyPrompt):
        sampler.sample([Wish("   ")], 2, HOW)
    with pytest.raises(PromptTooLong):
        sampler.sample([Wish("zebra " * 500)], 2, HOW)


def test_words_that_training_never_saw_are_read_as_bytes(sampler: Sampler) -> None:
    assert sampler.sample([Wish("ein größerer Würfel 🎲")], 1, HOW).shape == (1, 1, 16, 24, 3)


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"first_steps": 65}, {"guidance": -1.0}, {"fps": 0.0}])
def test_impossible_sampling_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadSampling):
        Sampling(**wrong)  # type: ignore[arg-type]


def test_too_many_in_betweens_are_refused_with_the_limit(sampler: Sampler) -> None:
    with pytest.raises(BadSampling, match="3 to 5"):
        sampler.between(_clip(1), _clip(1), 9, seeds=[0])
