"""`muybridge keys`: API keys of the local installation."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import select

from muybridge import trust
from muybridge.cli.console import AsJson, out, print_json, speaking_errors, table
from muybridge.cli.local import local_owner

app = typer.Typer(no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Create, list and revoke API keys."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for")],
    role: Annotated[trust.Role, typer.Option(help="What it may do")] = trust.Role.SERVICE,
    scope: Annotated[list[str] | None, typer.Option(help="Narrow it to these permissions")] = None,
    prefix: Annotated[str, typer.Option(help="How it starts: mbk_, live_, test_ or key_")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Days until it ends; default never")] = None,
    as_json: AsJson = False,
) -> None:
    """Create a key and show it, once."""
    with speaking_errors(as_json), local_owner() as (installation, owner), installation.database.write() as session:
        expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
        chosen = {"prefix": prefix} if prefix else {}
        made = trust.create_key(session, owner, name, role=role, scopes=scope or (), expires_at=expires_at, **chosen)
        shown = {"id": made.key.id, "name": name, "role": role.value, "expires_at": expires_at, "secret": made.secret}
    if as_json:
        print_json(shown)
    else:
        out.print(made.secret)
        out.print("Keep it now: it cannot be shown again.", style="dim")


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List keys, the newest first."""
    with speaking_errors(as_json), local_owner() as (installation, owner), installation.database.read() as session:
        trust.require(owner, "trust.manage")
        rows = session.scalars(trust.visible(select(trust.ApiKey).order_by(trust.ApiKey.id.desc()), owner)).all()
        shown = [
            {
                "id": key.id,
                "name": key.name,
                "role": key.role,
                "scopes": key.scopes,
                "created_at": key.created_at,
                "last_used_at": key.last_used_at,
                "state": "revoked" if key.revoked_at else "active",
            }
            for key in rows
        ]
    if as_json:
        print_json({"items": shown})
    else:
        table("API keys", ["id", "name", "role", "state", "last used"], [
            (key["id"], key["name"], key["role"], key["state"], key["last_used_at"] or "never") for key in shown
        ])  # fmt: skip


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="key_…")], as_json: AsJson = False) -> None:
    """End a key, at once and for good."""
    with speaking_errors(as_json), local_owner() as (installation, owner), installation.database.write() as session:
        trust.revoke_key(session, owner, key_id)
    if as_json:
        print_json({"id": key_id, "state": "revoked"})
    else:
        out.print(f"{key_id} is revoked.")
