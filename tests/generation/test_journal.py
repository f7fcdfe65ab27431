import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.generation import journal
from muybridge.generation.journal import Entry, Journal, NoSuchBranch, NoSuchFrame, Op, TooManyBranches


def a_journal(*actions: int) -> Journal:
    made = Journal()
    made.apply(made.begin(7))
    for action in actions:
        made.apply(made.frame(Entry(action)))
    return made


def test_a_branch_goes_on_from_a_frame_and_leaves_the_other_as_it_was() -> None:
    made = a_journal(0, 1, 2)
    made.apply(made.fork("b0", 1))
    made.apply(made.frame(Entry(4, "turn green")))
    assert made.current == "b1"
    assert made.branches["b0"].entries == [Entry(0), Entry(1), Entry(2)]
    assert made.branch.entries == [Entry(0), Entry(1), Entry(4, "turn green")]
    assert (made.branch.from_branch, made.branch.from_frame, made.branch.seed) == ("b0", 1, 7)


def test_what_was_gone_back_over_is_dropped_but_counts_as_imagined() -> None:
    made = a_journal(0, 1, 2)
    made.apply(made.fork("b0", 2))
    made.apply(made.switch("b0"))
    made.apply(made.rewind(0))
    assert [len(branch.entries) for branch in made.branches.values()] == [1, 3]
    assert made.num_imagined == 3


def test_what_is_not_there_is_named() -> None:
    made = a_journal(0)
    with pytest.raises(NoSuchFrame, match="frames 0 to 0"):
        made.rewind(1)
    with pytest.raises(NoSuchFrame):
        made.fork("b0", -1)
    with pytest.raises(NoSuchBranch, match="It has: b0"):
        made.switch("b4")
    for _ in range(journal.MAX_BRANCHES - 1):
        made.apply(made.begin(1))
    with pytest.raises(TooManyBranches):
        made.fork("b0", 0)


@given(st.lists(st.tuples(st.sampled_from(["frame", "fork", "switch", "rewind", "begin"]), st.integers(0, 9))))
def test_ops_that_went_through_json_come_to_the_same(doings: list[tuple[str, int]]) -> None:
    made, ops = Journal(), [Op(op="begin", branch="b0", seed=1), Op(op="frame", branch="b0", action=0)]
    for op in ops:
        made.apply(op)
    for doing, number in doings:
        branch = f"b{number % len(made.branches)}"
        frame = number % len(made.find(branch).entries)
        match doing:
            case "frame":
                new = [made.frame(Entry(number % 5, "so" if number > 6 else None))]
            case "fork":
                new = [made.fork(branch, frame)]
            case "switch":
                new = [made.switch(branch)]
            case "rewind":
                new = [made.rewind(number % len(made.branch.entries))]
            case _:
                begun = made.begin(number)
                new = [begun, Op(op="frame", branch=begun["branch"], action=0)]
        for op in new:
            made.apply(op)
        ops += new
    again = Journal(json.loads(json.dumps(ops)))
    assert (again.branches, again.current, again.num_imagined) == (made.branches, made.current, made.num_imagined)
