"""The whole card of a network that has learned nothing: ceilings near one, figures near the floors, all in JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from muybridge.evaluation.card import codec, play, telling
from muybridge.evaluation.card.__main__ import main
from muybridge.evaluation.card.figures import Figure, figure_from_json
from muybridge.evaluation.card.score import STAGES, Progress, Request, Stage, StageName, score_stage
from muybridge.evaluation.jobs import CARD_STAGES
from muybridge.simulator import captions, render, scenes
from muybridge.simulator.configs import room_config
from muybridge.simulator.holdouts import held_out_pairs
from muybridge.simulator.vocabulary import BODY, COLOURS, SHAPES

pytestmark = pytest.mark.compute


def run(weights: Path, name: StageName, **options: Any) -> Stage:
    *told, stage = score_stage(Request(weights, "dev", 6, extent="quick", **options), name)
    assert all(isinstance(each, Progress) for each in told)
    assert isinstance(stage, Stage)
    json.dumps(stage.figures)
    return stage


def figures(stage: Stage, cell: str) -> dict[str, Figure]:
    return {f"{each['group']}.{each['name']}": figure_from_json(each) for each in stage.figures[cell]}


def test_the_job_knows_the_stages() -> None:
    assert CARD_STAGES == STAGES


def test_an_untrained_network_draws_no_facts_and_true_frames_have_them_all(untrained: Callable[..., Path]) -> None:
    stage = run(untrained("bakeoff"), "words")
    seen = figures(stage, "bakeoff")
    for name in ("count", "colour", "shape", "direction", "speed", "binding", "all_facts"):
        ceiling, value = seen[f"text_to_video.{name}"].ceiling, seen[f"text_to_video.{name}"].value
        assert ceiling is not None
        assert value is not None
        assert (ceiling.mean, ceiling.n) == (1.0, 6)
        assert value.mean < 0.5
    assert seen["cycle.told_again"].value is not None
    assert figures(stage, "bakeoff · pairs")["text_to_video.all_facts"].floors["nearest"].mean == 0.0
    assert [(cell, prompt.split()[0]) for cell, prompt, _, _ in stage.shown] == [("bakeoff", "a")] * 6
    assert all(strip.startswith(b"\x89PNG") for _, _, true, made in stage.shown for strip in (true, made))


def test_an_untrained_network_tells_nothing_and_answers_no_better_than_the_blind(
    untrained: Callable[..., Path],
) -> None:
    told = figures(run(untrained("lab"), "reading"), "lab")
    exact, answers = told["video_to_text.caption_exact"], told["video_to_text.answers"]
    assert exact.value is not None
    assert exact.value.mean == 0.0
    assert answers.value is not None
    assert answers.value.mean <= answers.floors["blind"].mean
    assert telling.label(answers) == "video to text, answers"


def test_an_untrained_network_continues_like_the_floors_or_worse(untrained: Callable[..., Path]) -> None:
    moved = figures(run(untrained("bakeoff"), "motion"), "bakeoff")
    last = moved["continuation.position_error_at_last"]
    assert last.value is not None
    assert last.ceiling is not None
    assert last.value.mean >= 0.9 * last.floors["copy"].mean > 10 * last.ceiling.mean
    assert last.floors["inertia"].mean < last.floors["copy"].mean
    assert "inertia" not in moved["image_to_video.position_error_at_last"].floors
    assert moved["continuation.psnr"].floors["copy"].mean > 10


def test_every_law_has_its_ceiling(untrained: Callable[..., Path]) -> None:
    stage = run(untrained("lab", "uniform", "collision", "parabola"), "physics")
    lab = figures(stage, "lab")
    assert {name.partition(".")[2] for name in lab} == {
        "momentum_drift", "energy_drift", "velocity_error_after_hit", "gravity", "gravity_error",
        "bounce_angle_error", "permanence",
    }  # fmt: skip
    for room in ("uniform", "uniform · out of distribution", "collision", "parabola"):
        error = figures(stage, room)["physics.velocity_error"]
        assert error.ceiling is not None
        assert error.ceiling.mean < 0.1, room
        assert error.floors["copy"].mean > 1.0, room
    gravity = figures(stage, "parabola")["physics.gravity"].ceiling
    assert gravity is not None
    assert gravity.mean == pytest.approx(2.5, abs=0.1)
    assert {cell for cell, *_ in stage.shown} == {"uniform", "collision", "parabola"}


def test_played_clips_obey_in_truth_and_not_in_a_network_that_learned_nothing(untrained: Callable[..., Path]) -> None:
    stage = run(untrained("arcade"), "actions")
    for cell in ("arcade", "arcade · macros"):
        told = figures(stage, cell)
        following, walls = told["actions.following_moves"], told["actions.in_walls"]
        assert following.ceiling is not None
        assert following.ceiling.mean >= 0.95
        assert following.floors["copy"].mean == 0.0
        assert walls.ceiling is not None
        assert walls.ceiling.mean == 0.0
        # Held-out turns come after the context of what-if clips, so those of that cell would be the same.
        assert ("actions.counterfactual" in told) == (cell == "arcade")
    assert figures(stage, "arcade")["actions.counterfactual"].floors["copy"].mean > 0.0


def test_long_roll_outs_are_measured_where_bodies_stay(untrained: Callable[..., Path]) -> None:
    told = figures(run(untrained("lab"), "long"), "lab")
    kept = told["long.identity_at_32"]
    assert kept.ceiling is not None
    assert kept.ceiling.mean >= 0.8
    assert kept.value is not None
    assert kept.value.mean < 0.5


def test_things_said_in_mid_stream_happen_in_truth(untrained: Callable[..., Path]) -> None:
    told = figures(run(untrained("desk"), "words"), "desk")
    for name in ("said_in_time", "said_late"):
        said = told[f"text_to_video.{name}"]
        assert said.ceiling is not None
        assert said.ceiling.mean >= 0.75
        assert set(said.floors) == {"silent"}


def test_the_cost_comes_with_the_plan_of_cells(untrained: Callable[..., Path]) -> None:
    stage = run(untrained("bakeoff"), "cost")
    assert stage.facts["cost"]["frames_per_s"] > 0
    assert [cell["name"] for cell in stage.facts["plan"]["cells"]] == ["bakeoff", "bakeoff · pairs"]
    assert telling.cost_rows(stage.facts["cost"])


def test_a_file_alone_is_judged_by_one_command(
    untrained: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = untrained("bakeoff")
    monkeypatch.setattr("sys.argv", ["card", str(weights), "--split", "dev", "--n", "2"])
    main()
    card = json.loads(capsys.readouterr().out)
    assert (card["split"], card["n"]) == ("dev", 2)
    assert [cell["name"] for cell in card["cells"]] == ["bakeoff · pairs", "bakeoff"]
    groups = {figure["group"] for figure in card["cells"][1]["figures"]}
    assert {"text_to_video", "video_to_text", "continuation", "long"} <= groups
    assert card["failures"]


def test_a_room_that_opened_with_a_given_frame_is_told_things_only_in_mid_stream(
    untrained: Callable[..., Path],
) -> None:
    stage = run(untrained("desk", "arcade", num_given=1), "words")
    assert list(figures(stage, "desk")) == ["text_to_video.said_in_time", "text_to_video.said_late"]
    assert "arcade" not in stage.figures
    assert not stage.shown


def test_a_play_holds_in_truth_and_not_in_a_network_that_learned_nothing(untrained: Callable[..., Path]) -> None:
    stage = run(untrained("desk", "arcade", num_given=1), "play")
    arcade, desk = figures(stage, "arcade"), figures(stage, "desk")
    assert list(arcade) == [f"play.{name}_at_{frame}" for name in ("seen", "near") for frame in (4, 15)]
    assert list(desk) == [
        *(f"play.obeyed_at_{frame}" for frame in (10, 30, 50, 70)),
        *(f"play.right_at_{frame}" for frame in (9, 29, 49, 69, 85)),
    ]
    for name, figure in (arcade | desk).items():
        assert figure.ceiling is not None
        assert figure.ceiling.mean == 1.0, name
    assert arcade["play.seen_at_15"].floors["copy"].mean == 1.0
    assert desk["play.right_at_29"].floors["copy"].mean == 0.0
    assert desk["play.right_at_85"].value is not None
    assert desk["play.right_at_85"].value.mean == 0.0
    assert "arcade · macros" not in stage.figures


def test_a_long_play_changes_one_body_at_a_time_to_what_is_not_held_out() -> None:
    scene = scenes.sample("desk", "dev", range(16), room_config("desk", num_frames=play.SAID_UNTIL))
    told = play.changed(scene, 0)
    held_out = held_out_pairs(torch.device("cpu"))
    for clip, said in enumerate(captions.cues(told)):
        assert tuple(frame for frame, _ in said) == play.SAID_AT
        bodies = told.role_BO[clip] == BODY
        shape, colour = told.shape_BTO[clip][:, bodies], told.colour_BTO[clip][:, bodies]
        for frame, sentence in said:
            before, after = frame - 1, frame
            names = {f"{COLOURS[c]} {SHAPES[s]}" for s, c in zip(shape[before], colour[before], strict=True)}
            assert any(sentence.startswith(f"the {name} ") for name in names), sentence
            assert int((shape[before] != shape[after]).sum() + (colour[before] != colour[after]).sum()) == 1
            changes = (shape[before] != shape[after]) | (colour[before] != colour[after])
            assert not held_out[shape[after], colour[after]][changes].any()
            assert len(set(colour[after].tolist())) == len(colour[after])


def test_what_a_codec_loses_is_measured_beside_a_shrunken_picture(untrained: Callable[..., Path]) -> None:
    told = figures(run(untrained("bakeoff", model={"latents": 16, "patch": 16, "codec_width": 8}), "codec"), "bakeoff")
    psnr, kept = told["codec.psnr"], told["codec.facts_kept"]
    assert psnr.value is not None
    assert 15 < psnr.value.mean < psnr.floors["shrunk"].mean, "twelve of its sixteen numbers are a shrunken picture's"
    assert kept.value is not None
    assert kept.ceiling is not None
    assert kept.value.mean <= kept.floors["shrunk"].mean < kept.ceiling.mean == 1.0


def test_pixels_lose_nothing_in_their_codec(untrained: Callable[..., Path]) -> None:
    assert run(untrained("bakeoff"), "codec").figures == {"bakeoff": []}


def test_a_shrunken_picture_has_as_many_numbers_as_it_may() -> None:
    frames = torch.randint(0, 256, (1, 2, 16, 32, 3), dtype=torch.uint8)
    assert torch.equal(codec.shrunk(frames, 3 * 16 * 32), frames), "all of them"
    flat = codec.shrunk(frames, 3)
    assert flat.flatten(2, 3).unique(dim=2).shape[2] == 1, "one pixel"


def test_an_avatar_that_is_lost_later_was_seen_before() -> None:
    scene = scenes.sample("arcade", "dev", range(4), room_config("arcade", num_frames=48))
    frames = render.render(scene, height=64, width=64)
    frames[:, 8:] = 0
    assert (play._away(frames, scene, 4) < play.NEAR).all()
    assert play._away(frames, scene, 15).isnan().all()
