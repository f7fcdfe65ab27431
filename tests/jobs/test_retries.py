import pytest

from muybridge.errors import Invalid
from muybridge.jobs.retries import Backoff, failure_of


@pytest.mark.parametrize(("attempts", "longest"), [(1, 2.0), (2, 4.0), (5, 32.0), (20, 300.0), (10_000, 300.0)])
def test_waiting_doubles_up_to_a_cap_and_a_random_half_is_taken_off(attempts: int, longest: float) -> None:
    waits = [Backoff(base_s=2.0, cap_s=300.0).seconds(attempts) for _ in range(200)]
    assert longest / 2 <= min(waits) < 0.6 * longest
    assert 0.9 * longest < max(waits) <= longest


def test_a_failure_keeps_what_helps_and_what_is_json() -> None:
    error = Invalid("cat.mp4 is a text file.", remedy="Send a video.", name="cat.mp4", cause=object())
    assert failure_of(error) == {
        "code": "muybridge.invalid",
        "detail": "cat.mp4 is a text file.",
        "remedy": "Send a video.",
        "name": "cat.mp4",
    }


def test_a_defect_keeps_its_traceback() -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        failure = failure_of(error)
    assert (failure["code"], failure["detail"]) == ("jobs.defect", "ZeroDivisionError: division by zero")
    assert "test_a_defect_keeps_its_traceback" in failure["traceback"]
