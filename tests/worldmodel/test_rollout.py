import pytest
import torch

from muybridge.worldmodel import sequence, text
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.rollout import Rollout

from .conftest import frame_inputs, shifted

PROMPTS = [[10, 11, 12], [20]]


def _frames(model: WorldModel, num_frames: int, batch: int = 2) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randn(batch, num_frames, model.config.patches, model.config.channels).clamp(-1, 1)


def _predict_all(model: WorldModel, pieces: list[list[sequence.Piece]], frames: torch.Tensor, z: torch.Tensor):
    """What one full pass predicts of every frame at noise level 0."""
    zero = torch.zeros(frames.shape[:2])
    clean = frame_inputs(model.config, frames, shifted(frames), zero + 1.0)
    noisy = frame_inputs(model.config, z, shifted(frames), zero)
    with torch.no_grad():
        return model.predict(sequence.pack_text(pieces), clean, noisy, sequence.frame_order(frames.shape[1]))


def _roll(model: WorldModel, rollout: Rollout, frames: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    predicted = []
    for number in range(frames.shape[1]):
        predicted.append(rollout.imagine(z[:, number], steps=1))
        rollout.commit(frames[:, number])
    return torch.stack(predicted, dim=1)


def test_the_cached_roll_out_equals_the_full_forward(small_model: WorldModel) -> None:
    frames = _frames(small_model, small_model.config.window)
    z = torch.randn_like(frames)
    full, _ = _predict_all(small_model, [[sequence.prompt(tokens)] for tokens in PROMPTS], frames, z)
    rollout = Rollout(small_model, 2)
    rollout.say(PROMPTS)
    cached = _roll(small_model, rollout, frames, z)
    assert torch.allclose(cached, full.clamp(-1, 1), atol=1e-4)


def test_a_word_in_mid_stream_equals_the_full_forward(small_model: WorldModel) -> None:
    frames = _frames(small_model, 5)
    z = torch.randn_like(frames)
    pieces = [[sequence.prompt(tokens), sequence.event([33, 34], 3)] for tokens in PROMPTS]
    full, _ = _predict_all(small_model, pieces, frames, z)
    rollout = Rollout(small_model, 2)
    rollout.say(PROMPTS)
    for number in range(3):
        rollout.commit(frames[:, number])
    rollout.say([[33, 34], [33, 34]])
    assert torch.allclose(rollout.imagine(z[:, 3], steps=1), full[:, 3].clamp(-1, 1), atol=1e-4)


def test_written_captions_are_what_the_full_forward_finds_likeliest(small_model: WorldModel) -> None:
    frames = _frames(small_model, 5)
    rollout = Rollout(small_model, 2)
    for number in range(5):
        rollout.commit(frames[:, number])
    written = rollout.write([(text.CAPTION,)] * 2, max_tokens=6)
    pieces = [[sequence.caption(tokens, 5)] for tokens in written]
    _, hidden = _predict_all(small_model, pieces, frames, frames)
    likeliest = small_model.read_text(hidden).argmax(dim=-1)
    for row, tokens in enumerate(written):
        assert likeliest[row, 1 : 1 + len(tokens)].tolist() == tokens


def test_openings_of_unequal_length_do_not_disturb_each_other(small_model: WorldModel) -> None:
    frames = _frames(small_model, 3)
    openings = [(text.QUESTION, 40, 41, 42, text.ANSWER), (text.QUESTION, 50, text.ANSWER)]
    together = _watched(small_model, frames).write(openings, max_tokens=4)
    alone = _watched(small_model, frames[1:]).write(openings[1:], max_tokens=4)
    assert together[1] == alone[0]


def test_memory_stays_as_it_was_however_long_it_runs(small_model: WorldModel) -> None:
    rollout = Rollout(small_model, 1)
    rollout.say([PROMPTS[0]])
    sizes = []
    for number in range(40):
        rollout.commit(rollout.imagine(torch.zeros_like(rollout.last), steps=1))
        if number >= 10:
            sizes.append(rollout._cache.num_bytes)
    assert len(set(sizes)) == 1
    assert rollout.num_frames == 40
    assert torch.isfinite(rollout.last).all()


def test_beyond_the_window_a_one_layer_net_sees_exactly_its_last_frames(small_model: WorldModel) -> None:
    # One layer: a cached key holds nothing of older frames, so a fresh roll-out over the window must agree.
    small_model.trunk.blocks = small_model.trunk.blocks[:1]
    model = WorldModel(small_model.config.__class__(**{**small_model.config.to_json(), "layers": 1}))
    model.load_state_dict(small_model.state_dict())
    frames = _frames(model, 12, batch=1)
    z = torch.randn_like(frames[:, 0])
    window = model.config.window
    long = Rollout(model, 1)
    long.say([PROMPTS[0]])
    for number in range(12):
        long.commit(frames[:, number])
    short = Rollout(model, 1)
    short.say([PROMPTS[0]])
    short._remember(torch.stack([frames[:, 12 - window - back] for back in range(model.config.history)], dim=1))
    for number in range(12 - window + 1, 12):
        short.commit(frames[:, number])
    assert torch.allclose(long.imagine(z, steps=1), short.imagine(z, steps=1), atol=1e-4)


def test_a_frame_read_with_the_next_one_is_what_it_is_when_read_before(small_model: WorldModel) -> None:
    frames = _frames(small_model, small_model.config.window + 5)
    z = torch.randn_like(frames)
    together, before = Rollout(small_model, 2), Rollout(small_model, 2)
    for number in range(frames.shape[1]):
        for rollout in (together, before):
            if number:
                rollout.commit(frames[:, number - 1])
            if number in (0, 3):
                rollout.say(PROMPTS)
        # To describe what happened is to read it.
        before.write([(text.CAPTION,)] * 2, max_tokens=1)
        shown = [rollout.imagine(z[:, number], steps=2, guidance=2.0) for rollout in (together, before)]
        assert torch.allclose(*shown, atol=1e-4)


def test_guidance_of_one_is_none_and_more_goes_beyond(small_model: WorldModel) -> None:
    rollout = Rollout(small_model, 2)
    rollout.say(PROMPTS)
    z = torch.randn(2, small_model.config.patches, small_model.config.channels)
    plain, guided = rollout.imagine(z, steps=1), rollout.imagine(z, steps=1, guidance=2.0)
    rollout.forget()
    unprompted = rollout.imagine(z, steps=1)
    inside = (plain.abs() < 0.9) & (unprompted.abs() < 0.9) & (guided.abs() < 1.0)
    expected = unprompted + 2.0 * (plain - unprompted)
    assert torch.allclose(guided[inside], expected[inside], atol=1e-4)


def test_as_many_prompts_as_rows(small_model: WorldModel) -> None:
    with pytest.raises(ValueError, match="1 prompts for a batch of 2"):
        Rollout(small_model, 2).say([[1]])


def _watched(model: WorldModel, frames: torch.Tensor) -> Rollout:
    rollout = Rollout(model, len(frames))
    for number in range(frames.shape[1]):
        rollout.commit(frames[:, number])
    return rollout


def test_a_roll_out_gone_back_to_goes_on_bit_for_bit(small_model: WorldModel) -> None:
    length = small_model.config.window + 6
    z = torch.randn_like(_frames(small_model, length))
    rollout = Rollout(small_model, 2)
    rollout.say(PROMPTS)
    imagined, moments = [], []
    for number in range(length):
        moments.append(rollout.snapshot())
        if number == 3:
            rollout.say([[33], [34]])
        imagined.append(rollout.imagine(z[:, number], steps=2))
        rollout.commit(imagined[-1])
    for back in (length - 2, 1, 0, 1):
        rollout.restore(moments[back])
        for number in range(back, length):
            if number == 3:
                rollout.say([[33], [34]])
            again = rollout.imagine(z[:, number], steps=2)
            assert torch.equal(again, imagined[number])
            rollout.commit(again)
