import json
import math

import pytest

from muybridge.evaluation.card.figures import figure_from_json, mean, share, share_of
from muybridge.evaluation.intervals import estimate_share


def test_a_figure_survives_json() -> None:
    figure = share("words", "all_facts", [1.0, 0.0], ceiling=[1.0, 1.0], floors={"nearest": [0.0, 0.0]})
    assert figure_from_json(json.loads(json.dumps(figure.to_json()))) == figure


def test_a_share_has_wilsons_interval_over_the_clips_that_say_something() -> None:
    assert share_of([1.0, 0.0, math.nan, 1.0]) == estimate_share(2 / 3, 3)


def test_what_was_measured_in_no_clip_has_no_value() -> None:
    figure = mean("physics", "gravity", [math.nan], unit="", ceiling=[2.5], floors={"copy": [math.nan]})
    assert (figure.value, figure.floors) == (None, {})
    assert figure.ceiling is not None
    assert figure.ceiling.mean == pytest.approx(2.5)
