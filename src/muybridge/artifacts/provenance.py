"""Content credentials: sign what Muybridge made, and say of any file who signed it and whether it is still the same.

C2PA 2.2 through c2pa-python, offline: no time stamp authority, no OCSP, no remote manifests. A manifest can be
stripped; the lineage by digest (lineage.py) is what remains then. Containers that cannot carry a manifest (webm, mkv)
get it beside them, in `<name>.c2pa`.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO, Literal

from muybridge.artifacts.identity import Identity
from muybridge.errors import Invalid, Unavailable

State = Literal["trusted", "stranger", "tampered", "unsigned"]
CLAIM_LABEL = "muybridge.claim"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SYNTHETIC_TYPES = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")
EMBEDDABLE = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
BESIDE = {".webm": "video/webm", ".mkv": "video/x-matroska"}
STRANGE_CODES = ("signingCredential.untrusted", "signingCredential.expired", "signingCredential.ocsp.unknown")
"""Findings about who signed; every other failure is about what was signed."""
MANIFEST_MARKS = (bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), b"jumdc2pa")
"""What a manifest looks like in a file that no longer parses: the uuid of its mp4 box, and its JUMBF type."""


class CannotSign(Unavailable):
    code = "artifacts.cannot_sign"


class NotSignable(Invalid):
    code = "artifacts.not_signable"


@dataclass(frozen=True, slots=True)
class Claim:
    """What Muybridge says of something it made."""

    title: str
    engine: str
    model: str
    checkpoint_digest: str
    spec_digest: str
    seed: int
    prompt_sha256: str
    """Of the prompt, not the prompt: a file may be shown to people who may not read it."""
    actor_id: str
    dataset_version: str = ""
    """Id and digest of the frozen version that the checkpoint was trained on."""
    lineage: tuple[str, ...] = ()
    """Ids that it came from, nearest first."""
    may_train: bool = False
    """Whether others are allowed to train on it."""


@dataclass(frozen=True, slots=True)
class Signed:
    path: Path
    sidecar: Path | None
    """The manifest beside the file, where the file cannot carry it."""
    manifest_bytes: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file's credential proves."""

    state: State
    detail: str
    """One sentence for people."""
    signer: str = ""
    """Name in the signing certificate; proves nothing unless trusted."""
    generator: str = ""
    claim: Claim | None = None
    """Ours, if it carries one."""
    is_synthetic: bool = False
    """A manifest in it says that a trained model made it, or part of it."""
    findings: tuple[str, ...] = field(default=())
    """Codes of C2PA, section 15.2, of what failed."""


def sign(source: Path, target: Path, claim: Claim, identity: Identity) -> Signed:
    """Write `source` to `target` with a manifest that says `claim`, signed by this installation.

    The format is target's suffix: mp4, mov, avi, jpg, png, webp, gif carry it; webm and mkv get a sidecar.
    Raises NotSignable for another suffix, CannotSign when the library refuses the file; target is not left half made.
    """
    import c2pa  # 0.17 s and 23 MB; only jobs sign

    suffix = target.suffix.lower()
    media_type = EMBEDDABLE.get(suffix) or BESIDE.get(suffix)
    if media_type is None:
        raise NotSignable(f"{target.name} is of no kind that can be signed.", remedy="Use mp4, mov, jpg, png or webm.")
    info = c2pa.C2paSignerInfo(b"es256", identity.chain_pem.encode(), identity.leaf_key_pem.encode(), None)
    draft = target.with_name(f".{target.name}.signing")
    try:
        with (
            _context([identity.root_pem]) as context,
            c2pa.Builder(_manifest(claim), context=context) as builder,
            c2pa.Signer.from_info(info) as signer,
            open(source, "rb") as original,
            open(draft, "w+b") as signed,
        ):
            if suffix in BESIDE:
                builder.set_no_embed()
            manifest = builder.sign(signer, media_type, original, signed)
        if suffix in BESIDE:
            shutil.copyfile(source, draft)
            sidecar_of(target).write_bytes(manifest)
        draft.replace(target)
    except c2pa.C2paError as error:
        raise CannotSign(f"{source.name} cannot be signed: {error}", remedy="Is it a whole, playable file?") from error
    finally:
        draft.unlink(missing_ok=True)
    return Signed(target, sidecar_of(target) if suffix in BESIDE else None, len(manifest))


def verify(path: Path, anchors: Sequence[str] = (), *, media_type: str | None = None) -> Verdict:
    """Who signed the file and whether it is still what was signed.

    anchors: PEM certificates to trust, e.g. identity.root_pem. media_type: what the file is, if its name does not say.
    A sidecar `<name>.c2pa` is read if there is one. Raises Unreadable if the file cannot be opened.
    """
    import c2pa  # 0.17 s

    suffix = path.suffix.lower()
    kind = media_type or EMBEDDABLE.get(suffix) or BESIDE.get(suffix)
    sidecar = sidecar_of(path).read_bytes() if sidecar_of(path).is_file() else None
    try:
        with open(path, "rb") as file, _context(anchors) as context:
            report = _read(file, kind, sidecar, context)
            if report is None:
                return _without_manifest(file, "It carries no content credential.")
    except c2pa.C2paError as error:
        with open(path, "rb") as file:
            return _without_manifest(file, f"Its credential cannot be read: {str(error)[:200]}")
    except OSError as error:
        raise Unreadable(
            f"{path.name} cannot be opened: {error.strerror}.",
            remedy="Name a file that is there and that you may read.",
        ) from error
    return _judge(report)


class Unreadable(Invalid):
    code = "artifacts.unreadable"


def sidecar_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.c2pa")


def to_json(verdict: Verdict) -> dict[str, Any]:
    """JSON values, for rows, events and `--json`."""
    return {**asdict(verdict), "findings": list(verdict.findings)}


def _context(anchors: Sequence[str]) -> Any:
    import c2pa

    trust = {"user_anchors": "\n".join(anchors)} if anchors else {}
    settings = {
        "trust": trust,
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return c2pa.Context.from_dict(settings)


def _manifest(claim: Claim) -> dict[str, Any]:
    from muybridge import __version__

    use = "allowed" if claim.may_train else "notAllowed"
    uses = ("data_mining", "ai_inference", "ai_training", "ai_generative_training")
    created = {
        "action": "c2pa.created",
        "digitalSourceType": f"{SOURCE_TYPE}trainedAlgorithmicMedia",
        "softwareAgent": {"name": f"Muybridge {claim.engine}", "version": __version__},
        "parameters": {"description": f"Made by {claim.model}"},
    }
    return {
        "claim_generator_info": [{"name": "Muybridge", "version": __version__}],
        "title": claim.title,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            # CAWG 1.1; C2PA 2.x moved the assertion of its first versions there.
            {"label": "cawg.training-mining", "data": {"entries": {f"cawg.{name}": {"use": use} for name in uses}}},
            {"label": CLAIM_LABEL, "data": {**asdict(claim), "lineage": list(claim.lineage)}},
        ],
    }


def _read(file: BinaryIO, kind: str | None, sidecar: bytes | None, context: Any) -> dict[str, Any] | None:
    import c2pa

    reader = c2pa.Reader.try_create(kind, file, sidecar, context)
    if reader is None:
        return None
    with reader:
        report: dict[str, Any] = json.loads(reader.json())
    return report


def _without_manifest(file: BinaryIO, detail: str) -> Verdict:
    """Unsigned, unless the remains of a manifest are in the file: then somebody broke it."""
    file.seek(0)
    tail = b""
    while block := file.read(1 << 20):
        if any(mark in tail + block for mark in MANIFEST_MARKS):
            return Verdict("tampered", f"{detail} What is left of a manifest is in it.")
        tail = block[-16:]
    return Verdict("unsigned", "It carries no content credential.")


def _judge(report: dict[str, Any]) -> Verdict:
    manifests: dict[str, dict[str, Any]] = report.get("manifests", {})
    active = manifests.get(report.get("active_manifest", ""), {})
    findings = tuple(dict.fromkeys(str(status["code"]) for status in report.get("validation_status") or ()))
    signer = str((active.get("signature_info") or {}).get("common_name") or "")
    state = _state_of(str(report.get("validation_state")), findings)
    detail = {
        "trusted": f"Signed by {signer}, whom you trust, and unchanged since.",
        "stranger": f"Signed by {signer or 'someone'}, whom nobody here vouches for, and unchanged since.",
        "tampered": f"Changed after {signer or 'someone'} signed it ({', '.join(findings) or 'invalid'}).",
        "unsigned": "It carries no content credential.",
    }[state]
    return Verdict(
        state=state,
        detail=detail,
        signer=signer,
        generator=_generator_of(active),
        claim=_claim_of(active),
        is_synthetic=any(_is_synthetic(manifest) for manifest in manifests.values()),
        findings=findings,
    )


def _state_of(validation_state: str, findings: Sequence[str]) -> State:
    if validation_state == "Trusted":
        return "trusted"
    if validation_state == "Valid" or (findings and all(code in STRANGE_CODES for code in findings)):
        return "stranger"
    return "tampered"


def _generator_of(manifest: dict[str, Any]) -> str:
    named = manifest.get("claim_generator_info") or [{}]
    return str(manifest.get("claim_generator") or f"{named[0].get('name', '')} {named[0].get('version', '')}").strip()


def _assertions(manifest: dict[str, Any], label: str) -> list[dict[str, Any]]:
    return [
        found["data"]
        for found in manifest.get("assertions") or ()
        if str(found.get("label", "")).startswith(label) and isinstance(found.get("data"), dict)
    ]


def _claim_of(manifest: dict[str, Any]) -> Claim | None:
    for said in _assertions(manifest, CLAIM_LABEL):
        known = {part.name: said[part.name] for part in fields(Claim) if part.name in said}
        try:
            return Claim(**{**known, "lineage": tuple(said.get("lineage") or ())})
        except TypeError:
            # A stranger may use our label for something else; then it is not a claim of ours.
            continue
    return None


def _is_synthetic(manifest: dict[str, Any]) -> bool:
    kinds = tuple(f"{SOURCE_TYPE}{name}" for name in SYNTHETIC_TYPES)
    return any(
        str(action.get("digitalSourceType") or "").replace("https://", "http://") in kinds
        for actions in _assertions(manifest, "c2pa.actions")
        for action in actions.get("actions") or ()
    )
