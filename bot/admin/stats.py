"""Usage statistics: questions, votes, latency, entries to review."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from math import ceil

from bot.replies.base import Problem
from bot.replies.insights import AskedEntry, PhraseCandidate, PlotPeriod, StaleEntry, Stats
from bot.working_copy import WorkingCopy, mention_of
from index.editing.validation import can_add_phrase, search_keys
from index.entry import LONGEST_PHRASE, Entry
from index.names import name_key
from index.storage import Generation, Store
from index.storage.db.usage_stats import ShownEntry
from index.text import one_line

OLD_DAYS = 365  # days after which an entry is listed for review
LISTED = 10  # entries in each list
CANDIDATES = 5  # maximum search phrases proposed
STRETCHES = 60  # maximum bars in the plot
DAYS = 30  # default period
MOST_DAYS = 36_500
_PERIOD = re.compile(r"([1-9][0-9]{0,4})\s*(?:d|days?)?", re.IGNORECASE)


def days_of(text: str, verb: str) -> int | Problem:
    """Parse `30d` or `30` as a number of days, or return a `Problem` that shows the format. An
    empty text means `DAYS`."""
    if not text:
        return DAYS
    found = _PERIOD.fullmatch(text.strip().lstrip("0"))
    if found is None or int(found[1]) > MOST_DAYS:
        return Problem(
            code="usage",
            message=f'"{text[:40]}" is not a number of days.',
            hint=f"For example: /near-admin {verb} 7d",
        )
    return int(found[1])


def stats_of(store: Store, days: int, until: datetime | None = None) -> Stats:
    """Return the statistics for the `days` days before `until` (default: now). Raises
    `NearsayError` without an index or when the ledger cannot be read."""
    until = until or datetime.now(UTC)
    since = until - timedelta(days)
    figures = store.ledger.usage_stats
    summary = store.ledger.questions.summary(since)
    latency = figures.latency(since)
    stretch = ceil(days / STRETCHES)
    with store.reading() as generation:
        entries = generation.entries
        shown = {one.entry: one for one in figures.shown(since) if one.entry in entries}
        unasked = [entry for entry in entries.values() if entry.id not in shown]
        stale = _stale(entries, shown, until.date() - timedelta(OLD_DAYS))
        return Stats(
            generation=generation.id,
            model=generation.model,
            days=days,
            questions=summary.questions,
            people=summary.people,
            answered=summary.questions - summary.unanswered,
            helpful=summary.helpful,
            not_helpful=summary.not_helpful,
            median=None if latency is None else round(latency.median, 3),
            p95=None if latency is None else round(latency.p95, 3),
            stretch=stretch,
            plot=_plot(figures.by_day(since), since, until, stretch),
            top=tuple(_asked(entries[name], one) for name, one in list(shown.items())[:LISTED]),
            unasked=tuple(map(mention_of, unasked[:LISTED])),
            unasked_total=len(unasked),
            stale=tuple(stale[:LISTED]),
            stale_total=len(stale),
            phrase_candidates=tuple(islice(_candidates(store, generation, since), CANDIDATES)),
        )


def _plot(
    by_day: Mapping[date, int], since: datetime, until: datetime, stretch: int
) -> tuple[PlotPeriod, ...]:
    today = until.date()
    counts = [0] * ceil(((today - since.date()).days) / stretch)
    for day, questions in by_day.items():
        at = (today - day).days // stretch
        counts[min(max(at, 0), len(counts) - 1)] += questions
    return tuple(
        PlotPeriod(today - timedelta((at + 1) * stretch - 1), counts[at])
        for at in range(len(counts) - 1, -1, -1)
    )


def _stale(
    entries: Mapping[str, Entry], shown: Mapping[str, ShownEntry], old: date
) -> list[StaleEntry]:
    """Return the entries to review: first those with more negative than positive votes, worst
    first; then those last updated before `old`, oldest first."""
    voted_down = [one for one in shown.values() if one.not_helpful > one.helpful]
    voted_down.sort(key=lambda one: (one.helpful - one.not_helpful, one.entry))
    down = {one.entry for one in voted_down}
    aged = [
        (entry.updated, entry.id)
        for entry in entries.values()
        if entry.updated is not None and entry.updated < old and entry.id not in down
    ]
    names = [one.entry for one in voted_down] + [name for _, name in sorted(aged)]
    return [
        StaleEntry(
            mention_of(entries[name]),
            entries[name].updated,
            shown[name].helpful if name in shown else 0,
            shown[name].not_helpful if name in shown else 0,
            entries[name].owner,
        )
        for name in names
    ]


def _candidates(store: Store, generation: Generation, since: datetime) -> Iterator[PhraseCandidate]:
    glossary = WorkingCopy(generation, store.ledger.edits.overlay().edits)
    offered: set[tuple[str, str]] = set()
    for helped in store.ledger.usage_stats.helped(since):
        if helped.entry not in glossary.ids():
            continue
        found = glossary.by_id(helped.entry)
        question = one_line(helped.text)
        key = name_key(question)
        if (
            found.current is None
            or len(question) > LONGEST_PHRASE
            or (helped.entry, key) in offered
            or key in search_keys(found.current)
            or not can_add_phrase(found.current, found.imported)
        ):
            continue
        offered.add((helped.entry, key))
        yield PhraseCandidate(
            mention_of(found.current), _name(generation, found.current), question, helped.helpful
        )


def _name(generation: Generation, entry: Entry) -> str:
    bearers = {named.entry_id for named in generation.names.find_exact(entry.term)}
    return entry.term if bearers == {entry.id} and "=" not in entry.term else entry.id


def _asked(entry: Entry, shown: ShownEntry) -> AskedEntry:
    return AskedEntry(
        mention_of(entry), shown.questions, shown.people, shown.helpful, shown.not_helpful
    )
