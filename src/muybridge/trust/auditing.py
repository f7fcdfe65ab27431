"""Whether the log still says what it said: recompute the chain and hold it against its signed heads.

Found: a changed event (its hash no longer fits), a missing one (its number is), a cut tail (a head knows a later
number), a chain computed anew (a head knows another hash). Not found: what happened after the last head that is kept
where the intruder could not reach it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from muybridge.trust.actors import system_actor
from muybridge.trust.chain import GENESIS, SEALED_COLUMNS, hash_event
from muybridge.trust.heads import Head, SignedHeads, read_heads
from muybridge.trust.tables import Event, EventHead
from muybridge.trust.visibility import visible

FaultKind = Literal["altered", "missing", "cut", "rewritten", "bad_head"]
MAX_FAULTS = 100


@dataclass(frozen=True, slots=True)
class ChainFault:
    kind: FaultKind
    seq: int
    """The event at which it shows; 0 if at none."""
    detail: str


@dataclass(slots=True)
class ChainReport:
    """What `verify_chain` found. `is_whole` only if nothing is wrong."""

    tenant_id: str
    num_events: int = 0
    num_unsealed: int = 0
    num_heads: int = 0
    """Signed heads that the chain was held against."""
    head_seq: int = 0
    head_hash: str = GENESIS
    faults: list[ChainFault] = field(default_factory=list)
    """The first 100."""

    @property
    def is_whole(self) -> bool:
        return not self.faults

    def _blame(self, kind: FaultKind, seq: int, detail: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(ChainFault(kind, seq, detail))


def verify_chain(
    session: Session, tenant_id: str, *, heads_dir: Path | None = None, public_key: Ed25519PublicKey | None = None
) -> ChainReport:
    """Recompute a tenant's chain from its first event, in constant memory, and hold it against the heads, if given."""
    report = ChainReport(tenant_id)
    signed = read_heads(heads_dir, tenant_id, public_key) if heads_dir and public_key else SignedHeads([], [])
    for fault in signed.faults:
        report._blame("bad_head", 0, fault)
    report.num_heads = len(signed.heads)
    mine = system_actor(tenant_id)
    statement = select(Event.seq, Event.hash, *SEALED_COLUMNS).where(Event.seq.is_not(None)).order_by(Event.seq)
    rows = session.execute(visible(statement, mine).execution_options(yield_per=1_000))
    _walk(report, rows, signed.heads)
    unsealed = select(func.count()).select_from(Event).where(Event.seq.is_(None))
    report.num_unsealed = session.scalar(visible(unsealed, mine)) or 0
    _compare_own_head(report, session.get(EventHead, tenant_id))
    return report


def _walk(report: ChainReport, events: Iterable[Row[*tuple[Any, ...]]], heads: Sequence[Head]) -> None:
    # From the last: the first signature of a number is the word on it, and a later one cannot take it back.
    expected = {head.seq: head for head in reversed(heads)}
    for event in events:
        seq = event.seq or 0
        if seq != report.head_seq + 1:
            report._blame("missing", report.head_seq + 1, f"events {report.head_seq + 1} to {seq - 1} are missing")
        if hash_event(report.head_hash, event, seq) != event.hash and seq == report.head_seq + 1:
            report._blame("altered", seq, f"event {event.id} is not what was sealed as number {seq}")
        if (head := expected.pop(seq, None)) and head.hash != event.hash:
            report._blame("rewritten", seq, f"number {seq} had the hash {head.hash} on {head.signed_at}")
        # On with the stored hash, so that one altered event is one fault and not all that follow it.
        report.head_seq, report.head_hash = seq, event.hash or ""
        report.num_events += 1
    for head in expected.values():
        kind: FaultKind = "cut" if head.seq > report.head_seq else "missing"
        report._blame(kind, head.seq, f"on {head.signed_at} there was an event number {head.seq}")


def _compare_own_head(report: ChainReport, head: EventHead | None) -> None:
    seq, last = (head.seq, head.hash) if head else (0, GENESIS)
    if seq > report.head_seq:
        report._blame("cut", seq, f"{seq} events were sealed, {report.head_seq} are there")
    elif (seq, last) != (report.head_seq, report.head_hash):
        report._blame("rewritten", report.head_seq, f"the sealer stopped at number {seq}, hash {last}")
