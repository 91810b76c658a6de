"""Whether each name of an entry, and such a name with a typing mistake, gives that entry first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.bench.typos import MISTAKES, bearers_of, typos
from bot.terminal.progress import Report
from index.embedder import Embedder
from index.names import name_key
from index.space.near import near
from index.store import Generation

SHOWN = 5  # of those that went wrong


@dataclass(frozen=True, slots=True)
class Tally:
    """Of how many `asked` names (or misspelt ones, by the kind of mistake) an entry that bears
    the name came first."""

    what: str
    asked: int
    first: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was written, the name that was meant, and the id of the entry that came first, or
    ""."""

    written: str
    meant: str
    got: str


@dataclass(frozen=True, slots=True)
class Naming:
    """How entries are found by their names, and by names with one typing mistake; `wrong` are up
    to five of each that were not."""

    names: Tally
    typos: Tally
    mistakes: tuple[Tally, ...]
    wrong: tuple[Wrong, ...]


def check_names(generation: Generation, embedder: Embedder, report: Report) -> Naming:
    """Asks for every term and alias of the entries, and for a thousand misspelt ones."""
    rows = [
        (entry.id, name)
        for entry in generation.entries.values()
        for name in (entry.term, *entry.aliases)
        if name_key(name)
    ]
    bearers = bearers_of(rows)
    wrong: list[Wrong] = []
    right = 0
    for done, (_, name) in enumerate(rows, start=1):
        got = _first(generation, embedder, name)
        right += got in bearers[name_key(name)]
        if got not in bearers[name_key(name)]:
            wrong.append(Wrong(name, name, got))
        report("Asking for names", done, len(rows))
    made = typos(rows, known={name_key(entry_id) for entry_id in generation.entries})
    mistaken: list[Wrong] = []
    outcomes: list[tuple[str, bool]] = []
    for done, typo in enumerate(made, start=1):
        got = _first(generation, embedder, typo.written)
        outcomes.append((typo.mistake, got in typo.right))
        if got not in typo.right:
            mistaken.append(Wrong(typo.written, typo.name, got))
        report("Asking for misspelt names", done, len(made))
    return Naming(
        Tally("names", len(rows), right),
        _tally("typos", [good for _, good in outcomes]),
        tuple(
            _tally(mistake, [good for kind, good in outcomes if kind == mistake])
            for mistake in MISTAKES
        ),
        (*wrong[:SHOWN], *mistaken[:SHOWN]),
    )


def _tally(what: str, outcomes: Sequence[bool]) -> Tally:
    return Tally(what, len(outcomes), sum(outcomes))


def _first(generation: Generation, embedder: Embedder, query: str) -> str:
    """The id of the entry that comes first, or "" when there is none."""
    neighbours = near(generation, embedder, query, 1).neighbours
    return neighbours[0].id if neighbours else ""
