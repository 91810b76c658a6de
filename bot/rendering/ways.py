"""Replies about ways to ask as plain lines."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from bot.rendering.common import many, reply_lines
from bot.replies.ways import ProposedWay, WayList, WaysDecided, WaysRead, WaysRequest
from index.evaluation.first_entries import FirstEntries
from index.text import one_line, shorten
from index.ways.assistant_reply import DroppedWay

SHOWN = 20  # dropped ways
SHOWN_TERMS = 10
LONGEST_REASON = 60  # characters, of a way that is proposed again


@reply_lines.register
def _request(reply: WaysRequest) -> list[str]:
    batches = many(reply.batches, "batch", "batches")
    entries = many(reply.entries, "entry", "entries")
    return [
        f"A request for {entries} of {reply.source} is in {reply.path}, in {batches}.",
        "Give it to an assistant, and save the reply. To read the reply:",
        f"nearsay ways {reply.source} --reply FILE",
    ]


@reply_lines.register
def _read(reply: WaysRead) -> list[str]:
    lines = []
    if reply.asked or reply.left:
        asked = many(reply.asked, "entry", "entries")
        lines.append(f"Asked for {asked} of {reply.source}: {many(reply.tokens, 'token')}.")
    lines.append(f"{many(reply.proposed, 'new way', 'new ways')} to ask for {reply.source}.")
    lines += dropped_lines(reply.dropped)
    if reply.trouble:
        lines.append(reply.trouble)
    if reply.left:
        left = many(reply.left, "entry is left", "entries are left")
        lines.append(f"{left}. To go on, repeat the command.")
    if reply.proposed:
        lines.append(f"Nothing is live yet. To see them: nearsay ways {reply.source} --review")
    return lines


@reply_lines.register
def _list(reply: WayList) -> list[str]:
    lines = dropped_lines(reply.dropped)
    if not reply.ways:
        return [*lines, f"No ways to ask for {reply.source} wait for a decision."]
    waits = many(reply.waiting, "way waits", "ways wait")
    lines.append(f"{waits} for a decision. The search finds the entry by each of them.")
    for term, ways in groupby(reply.ways, lambda way: way.term):
        lines.append(f"{one_line(term)}:")
        lines += map(way_line, ways)
    first, last = reply.ways[0].number, reply.ways[-1].number
    span = str(first) if first == last else f"{first}-{last}"
    left = reply.waiting - len(reply.ways)
    return [
        *lines,
        *([f"and {left:,} more, listed after these are decided"] if left else []),
        f"To decide: nearsay ways {reply.source} --accept {span}, or --refuse {first}, or "
        "--accept all",
    ]


@reply_lines.register
def _decided(reply: WaysDecided) -> list[str]:
    accepted = many(reply.accepted, "way was accepted", "ways were accepted")
    lines = [f"{accepted}, {reply.refused:,} refused; {reply.waiting:,} wait for a decision."]
    if reply.earlier and not (reply.accepted or reply.refused):
        wait = f"{reply.waiting:,} wait for a decision."
        lines = [f"These ways had been decided before; that decision stands. {wait}"]
    elif reply.earlier:
        before = many(reply.earlier, "other had", "others had")
        lines.append(f"{before} been decided before; that decision stands.")
    if reply.terms:
        named = ", ".join(map(one_line, reply.terms[:SHOWN_TERMS]))
        left = len(reply.terms) - SHOWN_TERMS
        lines.append(f"They are search phrases of: {named}{f' and {left:,} more' * (left > 0)}.")
    if reply.live and (reply.accepted or reply.earlier):
        lines.append(f"Live in {reply.generation}.")
    elif not reply.live:
        lines.append(
            f"They are not live yet: {reply.trouble}"
            if reply.trouble
            else "They go live after the running reindex."
        )
    lines += dropped_lines(reply.dropped)
    if reply.terms:
        lines.append(f"To undo it for one entry: /near-admin undo {one_line(reply.terms[0])}")
    if reply.changes:
        lines += _changed_lines(reply.changes)
    return [*lines, *(_list(reply.following) if reply.following else ())]


def way_line(way: ProposedWay) -> str:
    """Return a proposed way with its number, and the reason why it is proposed again."""
    line = numbered(way)
    reason = shorten(one_line(way.reason), LONGEST_REASON)
    return f"{line} (accepted before a change: {reason})" if reason else line


def numbered(way: ProposedWay) -> str:
    asked = " (from a question)" if way.origin == "use" else ""
    return f"{way.number}. {one_line(way.text)}{asked}"


def _changed_lines(changes: FirstEntries) -> list[str]:
    asked = many(changes.questions, "public question", "public questions")
    find = "finds" if changes.changed == 1 else "find"
    lines = [f"Of the latest {asked}, {changes.changed:,} now {find} another entry first."]
    for item in changes.shown:
        old, new = (one_line(term) or "nothing" for term in (item.before, item.after))
        lines.append(f'"{shorten(one_line(item.question), 80)}": {old} → {new}')
    return lines


def dropped_lines(dropped: Iterable[DroppedWay]) -> list[str]:
    """Return lines on the ways that were dropped: the first with reasons, and the number of the
    others. Equal ones are shown once."""
    counts = Counter(dropped)
    if not counts:
        return []
    lines = [f"Not used ({counts.total():,}):"]
    for item, count in list(counts.items())[:SHOWN]:
        of = f"{item.entry}: " if item.entry else ""
        times = f" ({count:,} times)" if count > 1 else ""
        lines.append(f"{of}{shorten(one_line(item.text), 80)}: {one_line(item.reason)}{times}")
    left = len(counts) - SHOWN
    return [*lines, f"… {left:,} more (--json)"] if left > 0 else lines
