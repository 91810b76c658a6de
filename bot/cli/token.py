"""`nearsay token`: tokens with which agents ask over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.common import ANSWERED, CommandError, Commands, installation

if TYPE_CHECKING:
    from index.storage.db.ledger import Ledger


@click.group(cls=Commands)
def token() -> None:
    """Create, list and revoke the tokens with which agents ask over HTTP."""


@token.command()
@click.option("--name", required=True, metavar="NAME", help="for whom or what it is")
@click.option(
    "--role",
    required=True,
    metavar="ROLE",
    help="what it may read: public, guest, member, admin, or ids of user groups joined by +",
)
def create(name: str, role: str) -> int:
    """Create a token and print it, this once."""
    from bot.mcp.bearer import LONGEST_NAME, ROLES, is_role
    from index.text import one_line

    name = one_line(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise CommandError(f"--name must have 1 to {LONGEST_NAME} characters.")
    if not is_role(role):
        raise CommandError(
            f"--role must be {', '.join(ROLES)}, or ids of user groups such as S0123ABC+S0456DEF."
        )
    with installation() as app:
        ledger = app.store.ledger
        made, secret = ledger.access_tokens.create(name, role)
        _note(ledger, "token create", f"{made.name} ({made.id}), role {made.role}")
    click.echo(secret)
    click.echo(
        "Keep it now: it is stored as a digest only. If nearsay serve runs without /mcp, "
        "restart it.",
        err=True,
    )
    return ANSWERED


@token.command("list")
def list_tokens() -> int:
    """List the tokens: id, role, date and name."""
    with installation() as app:
        for one in app.store.ledger.access_tokens.all():
            click.echo(f"{one.id}  {one.role:<8}  {one.at:%Y-%m-%d}  {one.name}")
    return ANSWERED


@token.command()
@click.argument("token", metavar="NAME|ID", help="the name or id of a token")
def revoke(token: str) -> int:
    """Revoke a token: at once, in every process."""
    from index.text import one_line

    with installation() as app:
        ledger = app.store.ledger
        revoked = ledger.access_tokens.revoke(token)
        if not revoked:
            shown = one_line(token)[:100]
            raise CommandError(f'There is no token "{shown}". List them: nearsay token list')
        for one in revoked:
            _note(ledger, "token revoke", f"{one.name} ({one.id}), role {one.role}")
    click.echo(f"Revoked: {', '.join(one.name for one in revoked)}")
    return ANSWERED


def _note(ledger: Ledger, action: str, detail: str) -> None:
    from bot.identity import OPERATOR

    current = ledger.generations.pointer().generation
    ledger.audit.note(OPERATOR.label, action, "done", detail, current)
