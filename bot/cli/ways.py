"""`nearsay ways`: ways to ask for the entries of a glossary, written by a language model."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import ANSWERED, COUNT, FILE, PROBLEM, CommandError, installation, json_option

if TYPE_CHECKING:
    from bot.admin.ways import Span
    from bot.replies.base import Reply

STANDARD_INPUT = "-"
NUMBERS = "all|1,3-5"
_SPAN = re.compile(r"\s*([0-9]{1,15})(?:\s*-\s*([0-9]{1,15}))?\s*", re.ASCII)


@click.command(short_help="Let a language model propose ways to ask for entries.")
@click.argument("source", help="the name of a glossary in the index")
@click.option("--request", type=FILE, metavar="FILE", help="write a request for an assistant")
@click.option("--reply", metavar="FILE", help="read the assistant's reply, or - for standard input")
@click.option("--review", is_flag=True, help="list the proposed ways, twenty at a time")
@click.option("--accept", metavar=NUMBERS, help="make proposed ways search phrases")
@click.option("--refuse", metavar=NUMBERS, help="refuse proposed ways")
@click.option("--limit", type=COUNT, metavar="N", help="ask for at most N entries")
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
    as_json: bool,
) -> int:
    """Add ways to ask: other words by which people ask for the entries of SOURCE.

    Write a request for an assistant, read its reply, review the proposals, and accept or refuse
    them. Nothing proposed is live before it is accepted.
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
    accepted, refused = _spans("--accept", accept), _spans("--refuse", refuse)
    if request is None and reply is None and not (review or decides):
        raise click.UsageError("Write a request first: --request FILE")
    text = _read(reply) if reply is not None else ""
    with installation(json=as_json) as app:
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


def _spans(option: str, text: str | None) -> list[Span]:
    """Parse numbers and ranges, such as "1,3-5" or "all"."""
    from bot.admin.ways import ALL

    if text is None:
        return []
    if text.strip().casefold() == "all":
        return [ALL]
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part)
        if found is None or int(found[1]) > int(found[2] or found[1]):
            raise click.UsageError(f'{option}: write "all", or numbers such as 1,3-5.')
        spans.append((int(found[1]), int(found[2] or found[1])))
    return spans


def _read(file: str) -> str:
    """Read a reply that is not too long. Bytes that are not UTF-8 are replaced."""
    from index.ways.reply import LONGEST_REPLY

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
