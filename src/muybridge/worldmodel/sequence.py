"""One training sequence of text, clean frames and noisy frames, and the rule of who sees whom.

Two-stream teacher forcing: the clean stream holds the frames as they are (a little context noise aside), the noisy
stream the same frames being denoised; noisy frame t sees the clean frames before it and itself, exactly as when
sampling. Every position has an `order` (when it becomes known), a `branch` and a `stream`; the rule is then

    k is clean:  order_k < order_q (or equal, inside one clean frame or one text token), branch_k in (0, branch_q)
    k is noisy:  same frame, and the query is noisy as well

Branch 0 is the footage, which reads no text, so one pass over the footage serves a caption, several questions and a
prompt at once, and in a roll-out the prompt may change without recomputing the footage. Branch 1 is what conditions
frames (prompt, mid-stream events); 2 and up are answers. Order is not time: frames whose neighbours in time are known
first are in-betweens.

Shapes: B batch, L text tokens, T frames, P patches, N = 1 + P tokens a frame, S = L + 2TN positions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from muybridge.worldmodel import text
from muybridge.worldmodel.config import ModelConfig

PROMPT_BRANCH = 1
FIRST_ANSWER_BRANCH = 2
IGNORED = -100
# Orders of text are spread over one frame's step, so that any text of up to this many tokens fits between two frames.
ORDER_STEP = 4096


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text at one place of a sequence.

    before_frame: it is known after the frames before that one (0: before all; T: after all).
    learned_from: targets start at this token (len(tokens): nothing of it is learned).
    """

    tokens: tuple[int, ...]
    before_frame: int
    branch: int
    learned_from: int


def prompt(tokens: Sequence[int]) -> Piece:
    """Text that the frames after it obey; read, never learned."""
    whole = (*tokens, text.VIDEO)
    return Piece(whole, 0, PROMPT_BRANCH, len(whole))


def event(tokens: Sequence[int], before_frame: int) -> Piece:
    """Text said into a running video, just before a frame."""
    whole = (text.EVENT, *tokens, text.VIDEO)
    return Piece(whole, before_frame, PROMPT_BRANCH, len(whole))


def caption(tokens: Sequence[int], after_frames: int, branch: int = FIRST_ANSWER_BRANCH) -> Piece:
    """A description learned from the footage before it."""
    return Piece((text.CAPTION, *tokens, text.EOS), after_frames, branch, 1)


def question(asked: Sequence[int], answer: Sequence[int], after_frames: int, branch: int) -> Piece:
    """A question about the footage before it; only the answer is learned."""
    head = (text.QUESTION, *asked, text.ANSWER)
    return Piece((*head, *answer, text.EOS), after_frames, branch, len(head))


@dataclass(frozen=True, slots=True)
class TextRun:
    """All text of a batch, padded: tokens, order, time, branch, targets, each [B,L] int64. Padding has order -1."""

    tokens: Tensor
    order: Tensor
    time: Tensor
    branch: Tensor
    targets: Tensor

    def to(self, device: torch.device) -> "TextRun":
        return TextRun(*(getattr(self, name).to(device) for name in ("tokens", "order", "time", "branch", "targets")))


def pack_text(rows: Sequence[Sequence[Piece]], multiple: int = 8) -> TextRun:
    """Lay each row's pieces one after the other behind a shared <bos>, padded to a common length.

    The pieces of one row and branch keep unit steps of time and end where the frame they precede begins.
    """
    laid = [_lay_row(pieces) for pieces in rows]
    longest = max(len(row) for row in laid)
    length = -(-longest // multiple) * multiple
    padding = (text.PAD, -1, 0, 0, IGNORED)
    table = torch.tensor([row + [padding] * (length - len(row)) for row in laid], dtype=torch.int64)
    return TextRun(*(column.contiguous() for column in table.unbind(-1)))


def _lay_row(pieces: Sequence[Piece]) -> list[tuple[int, int, int, int, int]]:
    row = [(text.BOS, 0, -1, 0, IGNORED)]
    for piece in pieces:
        length = len(piece.tokens)
        # Answers begin where the footage ends; what conditions a frame ends where that frame begins.
        first_time = piece.before_frame - (length if piece.branch == PROMPT_BRANCH else 0)
        first_order = piece.before_frame * ORDER_STEP + 1
        for at, token in enumerate(piece.tokens):
            is_learned = piece.learned_from <= at + 1 < length
            target = piece.tokens[at + 1] if is_learned else IGNORED
            row.append((token, first_order + at, first_time + at, piece.branch, target))
    return row


def frame_order(num_frames: int) -> Tensor:
    """Orders [1,T] of frames that become known in the order of time."""
    return (torch.arange(num_frames)[None] + 1) * ORDER_STEP - 1


def inbetween_order(num_frames: int, known: Sequence[int]) -> Tensor:
    """Orders [1,T] in which the `known` frames come first, then the others in time."""
    late = [frame for frame in range(num_frames) if frame not in set(known)]
    order = torch.empty(num_frames, dtype=torch.int64)
    order[torch.tensor([*known, *late])] = torch.arange(num_frames)
    return (order[None] + 1) * ORDER_STEP - 1


def frame_positions(times: Tensor, config: ModelConfig) -> Tensor:
    """(time, y, x) of all tokens of frames at `times` [T] -> [T*N,3]; a control token sits at y = x = 0."""
    rows, columns = config.grid
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    # Patches count from 1, so that no patch shares the control token's and the text's place.
    grid = torch.cat([torch.zeros(1, 2), torch.stack([y, x], dim=-1).reshape(-1, 2) + 1.0]).to(times.device)
    time = times.float()[:, None, None].expand(-1, grid.shape[0], 1)
    return torch.cat([time, grid.expand(len(times), -1, -1)], dim=-1).reshape(-1, 3)


def text_positions(time_BL: Tensor) -> Tensor:
    """(time, 0, 0) of text -> [B,L,3]."""
    zeros = torch.zeros_like(time_BL)
    return torch.stack([time_BL, zeros, zeros], dim=-1).float()


@dataclass(frozen=True, slots=True)
class Layout:
    """Order, branch and stream of every position of a two-stream sequence, [B,S] each; positions [B,S,3]."""

    order: Tensor
    branch: Tensor
    is_noisy: Tensor
    positions: Tensor


def two_stream_layout(run: TextRun, order_BT: Tensor, config: ModelConfig, hides_BT: Tensor | None = None) -> Layout:
    """Text, then the clean stream, then the noisy stream of the same frames.

    hides_BT: noisy frames that do not see the prompt (they read the footage alone).
    """
    batch, num_frames = run.order.shape[0], order_BT.shape[1]
    tokens = config.tokens_per_frame
    frames = order_BT.expand(batch, -1).repeat_interleave(tokens, dim=1)
    spatial = frame_positions(torch.arange(num_frames, device=order_BT.device), config)
    spatial = spatial.expand(batch, -1, -1)
    footage, prompted = torch.zeros_like(frames), torch.full_like(frames, PROMPT_BRANCH)
    if hides_BT is not None:
        prompted = prompted.masked_fill(hides_BT.repeat_interleave(tokens, dim=1), 0)
    return Layout(
        order=torch.cat([run.order, frames, frames], dim=1),
        branch=torch.cat([run.branch, footage, prompted], dim=1),
        is_noisy=torch.cat([torch.zeros_like(run.order), footage, torch.ones_like(frames)], dim=1).bool(),
        positions=torch.cat([text_positions(run.time), spatial, spatial], dim=1),
    )


def said_before(run: TextRun, order_BT: Tensor, hides_BT: Tensor | None = None) -> Tensor:
    """Which text of the prompt's branch each noisy frame sees, boolean [B,T,L]."""
    is_said = (run.branch == PROMPT_BRANCH) & (run.order >= 0)
    seen = is_said[:, None] & (run.order[:, None] < order_BT[:, :, None])
    return seen if hides_BT is None else seen & ~hides_BT[:, :, None]


def dense_mask(layout: Layout) -> Tensor:
    """Who sees whom, boolean [B,1,S,S]; a padded query sees itself, lest its softmax be empty."""
    query_order, key_order = layout.order[:, :, None], layout.order[:, None, :]
    query_branch, key_branch = layout.branch[:, :, None], layout.branch[:, None, :]
    query_noisy, key_noisy = layout.is_noisy[:, :, None], layout.is_noisy[:, None, :]
    same = key_order == query_order
    of_branch = (key_branch == 0) | (key_branch == query_branch)
    clean_key = ~key_noisy & of_branch & ((key_order < query_order) | (same & ~query_noisy))
    noisy_key = key_noisy & query_noisy & same
    mask = (clean_key | noisy_key) & (key_order >= 0)
    mask |= torch.eye(mask.shape[-1], dtype=torch.bool, device=mask.device)
    return mask[:, None]
