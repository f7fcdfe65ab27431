"""`muybridge rights`: what footage may be used for, who said so, and revoking it."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from muybridge.artifacts import LineageNode
from muybridge.catalog import rights as rights_room
from muybridge.catalog.tables import USES, Rights
from muybridge.cli.console import AsJson, out, pairs, print_json, speaking_errors, table
from muybridge.cli.local import local_owner

app = typer.Typer(no_args_is_help=True)
AssetId = Annotated[str, typer.Argument(help="ast_…")]
Day = typer.Option(formats=["%Y-%m-%d"])


@app.callback()
def rights() -> None:
    """See, declare and revoke what footage may be used for. Unset means: label only."""


@app.command()
def show(asset_id: AssetId, as_json: AsJson = False) -> None:
    """Show under what right an asset is held."""
    with speaking_errors(as_json), local_owner() as (installation, owner), installation.database.read() as session:
        shown = _as_json(rights_room.load_rights(session, owner, asset_id))
        refused = [use for use in USES if rights_room.forbidden(session, owner, [asset_id], use)]
        shown["may_be_used_now_for"] = [use for use in USES if use not in refused]
    if as_json:
        print_json(shown)
    else:
        pairs(f"Rights of {asset_id}", shown)


@app.command()
def declare(
    asset_id: AssetId,
    allow: Annotated[list[str] | None, typer.Option(help=f"A use to allow: {', '.join(USES)}; repeatable")] = None,
    licence: Annotated[str, typer.Option()] = "",
    owner_name: Annotated[str, typer.Option("--owner", help="Whose footage it is")] = "",
    source: Annotated[str, typer.Option(help="Where it came from")] = "",
    expires: Annotated[datetime | None, Day] = None,
    retain_until: Annotated[datetime | None, Day] = None,
    synthetic: Annotated[bool | None, typer.Option(help="Whether a model made it")] = None,
    as_json: AsJson = False,
) -> None:
    """Declare the rights of an asset; the declaration and who made it are an event."""
    declaration = rights_room.Declaration(
        source=source,
        owner=owner_name,
        licence=licence,
        allowed_uses=tuple(allow or ("label",)),
        expires_at=_utc(expires),
        retain_until=_utc(retain_until),
        is_synthetic=synthetic,
    )
    with speaking_errors(as_json), local_owner() as (installation, owner), installation.database.write() as session:
        shown = _as_json(rights_room.declare(session, owner, asset_id, declaration))
    if as_json:
        print_json(shown)
    else:
        pairs(f"Rights of {asset_id}", shown)


@app.command()
def revoke(
    asset_id: AssetId,
    reason: Annotated[str, typer.Option(help="Why; kept in the log")],
    as_json: AsJson = False,
) -> None:
    """Withdraw the right to use an asset, for every use and at once, and list all that stands on it."""
    with speaking_errors(as_json), local_owner() as (installation, owner), installation.database.write() as session:
        revocation = rights_room.revoke(session, owner, asset_id, reason)
    kinds = ("versions", "checkpoints", "generations", "others")
    downstream: dict[str, list[LineageNode]] = {kind: getattr(revocation, kind) for kind in kinds}
    if as_json:
        listed = {kind: [{"id": n.id, "title": n.title} for n in nodes] for kind, nodes in downstream.items()}
        print_json({"asset_id": asset_id, "revoked": True, "twins": revocation.twins, **listed})
        return
    out.print(f"{asset_id} may not be used any more.")
    rows = [(kind, node.id, node.title) for kind, nodes in downstream.items() for node in nodes]
    if rows:
        table("What stands on it, and is blocked with it", ["kind", "id", "title"], rows)
    else:
        out.print("Nothing stands on it.")
    if revocation.twins:
        out.print(f"The same bytes, and not revoked: {', '.join(revocation.twins)}")


def _utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _as_json(row: Rights) -> dict[str, Any]:
    names = (
        "asset_id", "source", "owner", "licence", "allowed_uses", "expires_at", "retain_until", "is_synthetic",
        "declared_by", "declared_at", "revoked_at", "revoked_reason",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}
