import pytest

from muybridge.worldmodel.config import SIZES, BadModelConfig, ModelConfig, limits, model_config


def test_a_config_comes_back_through_json() -> None:
    for config in SIZES.values():
        assert ModelConfig.from_json(config.to_json()) == config


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(BadModelConfig, match="does not know: depth"):
        ModelConfig.from_json({**SIZES["nano"].to_json(), "depth": 3})


def test_an_unknown_size_names_the_known_ones() -> None:
    with pytest.raises(BadModelConfig, match="nano, mini, tiny, base"):
        model_config("huge")


def test_patches_must_divide_the_frame() -> None:
    with pytest.raises(BadModelConfig, match="30x32"):
        model_config("nano", frame_width=30)


def test_limits_say_what_a_door_must_check() -> None:
    assert limits(SIZES["base"]).height == 64
