"""What was done in a session, kept as it happened: enough to imagine every frame of it again.

Pure values. An op is a JSON object and is only ever appended; a `Journal` is what the ops so far come to: branches of
frames, each frame with the action that led to it and the words that were said just before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from muybridge.errors import Invalid, LimitExceeded, NotFound

Op = dict[str, Any]
MAX_BRANCHES = 64


class NoSuchBranch(NotFound):
    code = "generation.no_such_branch"


class NoSuchFrame(Invalid):
    code = "generation.no_such_frame"


class TooManyBranches(LimitExceeded):
    code = "generation.too_many_branches"


class Entry(NamedTuple):
    """How a frame came to be."""

    action: int
    said: str | None = None


@dataclass(slots=True)
class Branch:
    """One line of frames from the first one on; it began as a copy of another's up to `from_frame`, or anew."""

    id: str
    seed: int
    from_branch: str | None = None
    from_frame: int | None = None
    entries: list[Entry] = field(default_factory=list)


class Journal:
    """Branches by id, in the order in which they were made, and which of them is current.

    `begin`, `fork`, `switch`, `rewind` and `frame` make ops without doing them; `apply` does.
    """

    def __init__(self, ops: Iterable[Op] = ()) -> None:
        self.branches: dict[str, Branch] = {}
        self.current = ""
        self.num_imagined = 0
        """Frames made in all, those that were dropped again included."""
        for op in ops:
            self.apply(op)

    @property
    def branch(self) -> Branch:
        """The current one."""
        return self.branches[self.current]

    def find(self, branch_id: str) -> Branch:
        """Raises NoSuchBranch."""
        if branch_id not in self.branches:
            known = ", ".join(self.branches) or "none yet"
            raise NoSuchBranch(f"This session has no branch {branch_id!r}.", remedy=f"It has: {known}.")
        return self.branches[branch_id]

    def begin(self, seed: int) -> Op:
        """A new branch with a new first frame. Raises TooManyBranches."""
        return {"op": "begin", "branch": self._new_id(), "seed": seed}

    def fork(self, branch_id: str, frame: int) -> Op:
        """A new branch of the frames up to `frame`. Raises NoSuchBranch, NoSuchFrame, TooManyBranches."""
        self.require_frame(branch_id, frame)
        return {"op": "fork", "branch": self._new_id(), "from": branch_id, "frame": frame}

    def switch(self, branch_id: str) -> Op:
        """Another branch is current. Raises NoSuchBranch."""
        return {"op": "switch", "branch": self.find(branch_id).id}

    def rewind(self, frame: int) -> Op:
        """What came after `frame` of the current branch is dropped. Raises NoSuchFrame."""
        self.require_frame(self.current, frame)
        return {"op": "rewind", "branch": self.current, "frame": frame}

    def frame(self, entry: Entry) -> Op:
        """One more frame of the current branch."""
        said = {} if entry.said is None else {"said": entry.said}
        return {"op": "frame", "branch": self.current, "action": entry.action, **said}

    def apply(self, op: Op) -> None:
        """Take an op as having happened."""
        branch_id = op["branch"]
        match op["op"]:
            case "begin":
                self.branches[branch_id] = Branch(branch_id, op["seed"])
                self.current = branch_id
            case "fork":
                source = self.branches[op["from"]]
                kept = source.entries[: op["frame"] + 1]
                self.branches[branch_id] = Branch(branch_id, source.seed, source.id, op["frame"], kept)
                self.current = branch_id
            case "switch":
                self.current = branch_id
            case "rewind":
                del self.branches[branch_id].entries[op["frame"] + 1 :]
            case "frame":
                self.branches[branch_id].entries.append(Entry(op["action"], op.get("said")))
                self.num_imagined += 1
            case other:
                raise ValueError(f"a journal has no op {other!r}")

    def require_frame(self, branch_id: str, frame: int) -> None:
        """Raises NoSuchBranch, NoSuchFrame."""
        num_frames = len(self.find(branch_id).entries)
        if not 0 <= frame < num_frames:
            raise NoSuchFrame(
                f"Branch {branch_id} has no frame {frame}.",
                remedy=f"It has frames 0 to {num_frames - 1}." if num_frames else "It has no frame yet.",
            )

    def _new_id(self) -> str:
        if len(self.branches) >= MAX_BRANCHES:
            raise TooManyBranches(
                f"This session has {MAX_BRANCHES} branches.", remedy="Rewind a branch, or open another session."
            )
        return f"b{len(self.branches)}"
