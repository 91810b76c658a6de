"""Blocks for proposed ways to ask: a list with checkboxes, and a button that decides on all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from textwrap import wrap
from typing import Any

from bot.admin.way_numbers import text_of_spans
from bot.commands.spec import Request
from bot.rendering.admin import lines_of
from bot.rendering.common import many
from bot.rendering.ways import LONGEST_REASON, dropped_lines, numbered, way_line
from bot.replies.base import Problem
from bot.replies.ways import ProposedWay, WayList, WaysDecided
from bot.slack.blocks.elements import (
    LONGEST_SHOWN,
    MOST_CHECKS,
    Block,
    actions,
    button,
    context,
    described_checkboxes,
    states_in,
    titled_section,
)
from bot.slack.blocks.mrkdwn import plain
from index.entry import LONGEST_PHRASE
from index.text import one_line, shorten

DECIDE_WAYS = "decide_ways"  # its value is a request that accepts all ways of the list
LONGEST_LINE = LONGEST_PHRASE + LONGEST_REASON + 50  # of a way with its number and reason
LONGEST_NOTE, MOST_NOTES = 120, 6  # lines on dropped ways
LABEL_LINES = 2  # of a box; a longer way is also shown above its box
TICKED = "refused_ways"  # the checkboxes; their values are the numbers of ways
NOT_SENT = Problem(
    code="not_sent",
    message="Slack did not send which ways are ticked, so nothing was changed.",
    hint="List them again with: /near-admin ways SOURCE",
)


def way_blocks(reply: WayList | WaysDecided, prefix: str) -> list[Block]:
    if isinstance(reply, WayList):
        return _list(reply, prefix)
    first, *others = lines_of(replace(reply, following=None), prefix)
    following = _list(reply.following, prefix) if reply.following else []
    return [titled_section(first, others), *following]


def with_ticked(request: Request | Problem, body: Mapping[str, Any]) -> Request | Problem:
    """Return the request of the button, changed so that it refuses the ticked ways."""
    if isinstance(request, Problem):
        return request
    if not isinstance(body.get("state"), Mapping):
        return NOT_SENT
    values = (
        option["value"]
        for action, state in states_in(body)
        if action.startswith(TICKED)
        for option in state.get("selected_options") or ()
    )
    ticked = ",".join(values)
    options = {**request.options, **({"refuse": ticked} if ticked else {})}
    return replace(request, options=options)


def _list(reply: WayList, prefix: str) -> list[Block]:
    if not reply.ways:
        first, *others = lines_of(reply, prefix)
        return [titled_section(first, others)]
    waits = many(reply.waiting, "way to ask waits", "ways to ask wait")
    title = f"{waits} for a decision in {one_line(reply.source)}"
    dropped = [shorten(line, LONGEST_NOTE) for line in dropped_lines(reply.dropped)[:MOST_NOTES]]
    notes = ["Tick those to refuse. The others are accepted.", *dropped]
    blocks = [titled_section(title, notes)]
    for at, ways in enumerate(_groups(reply.ways)):
        long = (way for way in ways if way.reason or len(_label(way)) > LABEL_LINES)
        blocks += [{"type": "section", "text": plain(way_line(way), LONGEST_LINE)} for way in long]
        blocks.append(_boxes(ways, at))
    request = Request(
        "near-admin",
        one_line(reply.source),
        {"accept": text_of_spans((way.number, way.number) for way in reply.ways)},
        verb="ways",
    )
    blocks += actions([button("Accept all unticked", DECIDE_WAYS, request) | {"style": "primary"}])
    left = reply.waiting - len(reply.ways)
    return [*blocks, *([context(f"{left:,} more, listed after these are decided")] if left else [])]


def _groups(ways: Sequence[ProposedWay]) -> Iterator[list[ProposedWay]]:
    """Yield the ways of each entry, at most `MOST_CHECKS` at once."""
    for _, alike in groupby(ways, lambda way: way.entry):
        found = list(alike)
        yield from (found[at : at + MOST_CHECKS] for at in range(0, len(found), MOST_CHECKS))


def _boxes(ways: Sequence[ProposedWay], at: int) -> Block:
    """Build a box to tick for each way, below the term of their entry. Its id is another one in
    each list, so that Slack does not tick boxes of the next list."""
    choices = []
    for way in ways:
        first, *others = _label(way)
        second = others[0] if len(others) == 1 else ""
        choices.append((first, second, str(way.number)))
    term = shorten(one_line(ways[0].term), LONGEST_SHOWN)
    return described_checkboxes(term, f"{TICKED}_{at}_{ways[0].number}", choices)


def _label(way: ProposedWay) -> list[str]:
    return wrap(numbered(way), LONGEST_SHOWN)
