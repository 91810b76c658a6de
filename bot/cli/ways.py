"""`nearsay ways`: ways to ask for the entries of a glossary, written by a language model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import (
    ANSWERED,
    COUNT,
    FILE,
    INTERRUPTED,
    PROBLEM,
    CommandError,
    installation,
    json_option,
)

if TYPE_CHECKING:
    from bot.admin.way_numbers import Span
    from bot.app import App
    from bot.replies.base import Reply

STANDARD_INPUT = "-"
STATUSES = {"user": INTERRUPTED, "server": PROBLEM}  # by what stopped a run early
NUMBERS = "all|1,3-5"


@click.command(short_help="Let a language model propose ways to ask for entries.")
@click.argument("source", help="the name of a glossary in the index")
@click.option("--request", type=FILE, metavar="FILE", help="write a request for an assistant")
@click.option("--reply", metavar="FILE", help="read the assistant's reply, or - for standard input")
@click.option("--review", is_flag=True, help="list the proposed ways, twenty at a time")
@click.option("--accept", metavar=NUMBERS, help="make proposed ways search phrases")
@click.option("--refuse", metavar=NUMBERS, help="refuse proposed ways")
@click.option("--limit", type=COUNT, metavar="N", help="ask for at most N entries")
@click.option(
    "--budget",
    type=COUNT,
    metavar="N",
    help="stop after N tokens of the server (default 1,000,000)",
)
@json_option()
def ways(  # noqa: PLR0913 - an option each
    *,
    source: str,
    request: Path | None,
    reply: str | None,
    review: bool,
    accept: str | None,
    refuse: str | None,
    limit: int | None,
    budget: int | None,
    as_json: bool,
) -> int:
    """Add ways to ask: other words by which people ask for the entries of SOURCE.

    Write a request for an assistant, read its reply, review the proposals, and accept or refuse
    them. Without options, the text of the entries goes to the language model's server that
    NEARSAY_LLM_URL names, and its replies are read. Nothing proposed is live before it is accepted.
    """
    from rich.console import Console

    from bot.cli.chat import deliver
    from bot.cli.ensure_index import ensure_index
    from bot.cli.progress import progress_bars
    from bot.identity import OPERATOR

    decides = accept is not None or refuse is not None
    if (request is not None) + (reply is not None) + review + decides > 1:
        raise click.UsageError(
            "Choose one of --request, --reply and --review, or decide with --accept and --refuse."
        )
    if limit and (reply is not None or review or decides):
        raise click.UsageError("--limit is for a request.")
    asks = request is None and reply is None and not (review or decides)
    if budget and not asks:
        raise click.UsageError("--budget is for asking a server.")
    accepted, refused = _spans("--accept", accept), _spans("--refuse", refuse)
    text = _read(reply) if reply is not None else ""
    with installation(json=as_json) as app:
        if asks:
            return _ask(app, source, limit, budget, json=as_json)
        ensure_index(app, json=as_json)
        service = app.administration.editing.ways
        with progress_bars(Console(stderr=True, highlight=False)) as progress:
            done: Reply
            if request is not None:
                done = service.write_request(source, request, limit, OPERATOR)
            elif reply is not None:
                done = service.read(source, text, OPERATOR, progress)
            elif review:
                done = service.review(source, OPERATOR, progress)
            else:
                done = service.decide(source, accepted, refused, OPERATOR, progress)
    return ANSWERED if deliver(done, json=as_json) else PROBLEM


def _ask(app: App, source: str, limit: int | None, budget: int | None, *, json: bool) -> int:
    """Ask the language model's server for ways to ask."""
    from rich.console import Console

    from bot.admin.way_requests import TOKENS, Budget
    from bot.chat_settings import chat_server_of
    from bot.cli.chat import deliver
    from bot.cli.ensure_index import ensure_index
    from bot.cli.progress import progress_bars
    from bot.identity import OPERATOR
    from bot.rendering.common import many
    from bot.replies.base import Problem

    server = chat_server_of(app.settings)
    if server is None:
        raise click.UsageError(
            "Write a request for an assistant with --request FILE; or, to ask a server, set "
            "NEARSAY_LLM_URL, NEARSAY_LLM_MODEL, and NEARSAY_LLM_KEY or NEARSAY_LLM_KEY_FILE."
        )
    ensure_index(app, json=json)

    def announce(entries: int) -> None:
        text = f"Sends the text of {many(entries, 'entry', 'entries')} to {server.name}."
        click.echo(text, err=True)

    with progress_bars(Console(stderr=True, highlight=False)) as progress:
        done = app.administration.editing.way_requests.ask(
            source, server, Budget(limit, budget or TOKENS), OPERATOR, announce, progress
        )
    deliver(done, json=json)
    return PROBLEM if isinstance(done, Problem) else STATUSES.get(done.stopped_by, ANSWERED)


def _spans(option: str, text: str | None) -> list[Span]:
    """Parse numbers and ranges, such as "1,3-5" or "all"."""
    from bot.admin.way_numbers import FORM, spans_in

    spans = [] if text is None else spans_in(text)
    if spans is None:
        raise click.UsageError(f"{option}: {FORM}")
    return spans


def _read(file: str) -> str:
    """Read a reply that is not too long. Bytes that are not UTF-8 are replaced."""
    from index.ways.assistant_reply import LONGEST_REPLY

    most = 4 * LONGEST_REPLY  # bytes
    try:
        if file == STANDARD_INPUT:
            content = sys.stdin.buffer.read(most + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(most + 1)
    except OSError as error:
        raise CommandError(
            f"{file} cannot be read: {error.strerror or error}. Name the file with the reply."
        ) from error
    if len(content) > most:
        raise CommandError(f"{file} is longer than {most:,} bytes. Split it into several files.")
    return content.decode("utf-8", errors="replace")
