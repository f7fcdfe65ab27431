from dataclasses import replace

import torch

from muybridge.worldmodel import sequence, text
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import WorldModel

from .conftest import frame_inputs, shifted

PROMPT, OTHER, SAID = [10, 11, 12], [20, 21], [30]


def _run(model: WorldModel, pieces: list[sequence.Piece], frames: torch.Tensor, order: torch.Tensor | None = None):
    torch.manual_seed(5)
    config, num_frames = model.config, frames.shape[1]
    noise = torch.randn_like(frames)
    tau = torch.full(frames.shape[:2], 0.3)
    clean = frame_inputs(config, frames, shifted(frames), torch.ones_like(tau))
    noisy = frame_inputs(config, 0.3 * frames.detach() * 0 + 0.7 * noise, shifted(frames), tau)
    order = sequence.frame_order(num_frames) if order is None else order
    with torch.no_grad():
        predicted, hidden = model.predict(sequence.pack_text([pieces]), clean, noisy, order)
    return predicted[0], hidden[0]


def _frames(model: WorldModel, num_frames: int = 4) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randn(1, num_frames, model.config.patches, model.config.channels)


def test_a_noisy_frame_sees_earlier_frames_and_never_its_own_or_later_ones(small_model: WorldModel) -> None:
    frames = _frames(small_model)
    before, _ = _run(small_model, [sequence.prompt(PROMPT)], frames)
    changed = frames.clone()
    changed[0, 2] += 1.0
    after, _ = _run(small_model, [sequence.prompt(PROMPT)], changed)
    differs = (before - after).abs().amax(dim=(1, 2)) > 1e-5
    assert differs.tolist() == [False, False, False, True]


def test_frames_obey_the_prompt_and_the_footage_does_not_read_it(small_model: WorldModel) -> None:
    frames = _frames(small_model)
    asked = sequence.caption([15, 16], 4)
    before, hidden = _run(small_model, [asked, sequence.prompt(PROMPT)], frames)
    after, hidden_after = _run(small_model, [asked, sequence.prompt(OTHER)], frames)
    assert ((before - after).abs().amax(dim=(1, 2)) > 1e-5).all()
    assert torch.allclose(hidden[:5], hidden_after[:5], atol=1e-6)


def test_text_said_in_mid_stream_changes_only_the_frames_after_it(small_model: WorldModel) -> None:
    frames = _frames(small_model)
    silent, _ = _run(small_model, [sequence.prompt(PROMPT)], frames)
    spoken, _ = _run(small_model, [sequence.prompt(PROMPT), sequence.event(SAID, 2)], frames)
    differs = (silent - spoken).abs().amax(dim=(1, 2)) > 1e-5
    assert differs.tolist() == [False, False, True, True]


def test_questions_do_not_hear_each_other(small_model: WorldModel) -> None:
    frames = _frames(small_model)
    first = sequence.question([15], [16], 4, branch=3)
    _, alone = _run(small_model, [first, sequence.question([17], [18], 4, branch=4)], frames)
    _, changed = _run(small_model, [first, sequence.question([40], [41], 4, branch=4)], frames)
    length = 1 + len(first.tokens)
    assert torch.allclose(alone[:length], changed[:length], atol=1e-6)


def test_an_in_between_sees_the_frame_that_is_known_first(small_model: WorldModel) -> None:
    frames = _frames(small_model)
    order = sequence.inbetween_order(4, [3])
    before, _ = _run(small_model, [], frames, order)
    changed = frames.clone()
    changed[0, 3] += 1.0
    after, _ = _run(small_model, [], changed, order)
    differs = (before - after).abs().amax(dim=(1, 2)) > 1e-5
    assert differs.tolist() == [True, True, True, False]


def test_only_answers_are_learned() -> None:
    run = sequence.pack_text([[sequence.prompt(PROMPT), sequence.question([15], [16, 17], 4, branch=3)]], multiple=1)
    learned = [(int(token), int(target)) for token, target in zip(run.tokens[0], run.targets[0], strict=True)]
    expected = [(text.ANSWER, 16), (16, 17), (17, text.EOS)]
    assert [pair for pair in learned if pair[1] != sequence.IGNORED] == expected


def test_a_prompt_ends_where_the_first_frame_begins_whatever_its_length() -> None:
    run = sequence.pack_text([[sequence.prompt(PROMPT)], [sequence.prompt(OTHER)]], multiple=1)
    assert run.time[0].tolist() == [-1, -4, -3, -2, -1]
    assert run.time[1].tolist()[:4] == [-1, -3, -2, -1]


def test_a_frame_from_which_the_prompt_is_hidden_reads_the_footage_alone(small_model: WorldModel) -> None:
    frames, order = _frames(small_model), sequence.frame_order(4)
    inputs = frame_inputs(small_model.config, frames, shifted(frames), torch.full((1, 4), 0.3))
    hides = torch.tensor([[False, False, True, True]])
    with torch.no_grad():
        bare, _ = small_model.predict(sequence.pack_text([[]]), inputs, inputs, order)
        partly, _ = small_model.predict(sequence.pack_text([[sequence.prompt(PROMPT)]]), inputs, inputs, order, hides)
    differs = (bare - partly)[0].abs().amax(dim=(1, 2)) > 1e-5
    assert differs.tolist() == [True, True, False, False]


def test_a_frame_feels_what_was_said_before_it_and_is_not_hidden_from_it() -> None:
    pieces = [sequence.prompt(PROMPT), sequence.event([40], 2), sequence.caption([50, 51], 4)]
    run, order = sequence.pack_text([pieces]), sequence.frame_order(4)
    hides = torch.tensor([[False, True, False, False]])
    seen = sequence.said_before(run, order, hides)[0]
    said = [[int(token) for token in run.tokens[0][row]] for row in seen]
    prompt, event = [*PROMPT, text.VIDEO], [text.EVENT, 40, text.VIDEO]
    assert said == [prompt, [], prompt + event, prompt + event]


def test_positions_of_a_frame_share_its_time(small_config: ModelConfig) -> None:
    positions = sequence.frame_positions(torch.tensor([7]), small_config)
    assert positions.shape == (small_config.tokens_per_frame, 3)
    assert positions[:, 0].unique().tolist() == [7.0]
    assert positions[0].tolist() == [7.0, 0.0, 0.0]


def test_every_patch_feels_the_action_and_none_feels_that_there_is_none(small_model: WorldModel) -> None:
    frames = _frames(small_model)
    none = frame_inputs(small_model.config, frames, shifted(frames), torch.ones(1, 4))
    acted = replace(none, action=torch.tensor([[0, 2, 0, 3]]))
    with torch.no_grad():
        change = (small_model.embed_frames(acted) - small_model.embed_frames(none)).unflatten(1, (4, -1))
    assert (change.abs().amax(dim=3)[0, 1::2] > 1e-3).all()
    assert not change[0, 0::2].any()
