"""Check that each name of an entry, with or without a typo, finds that entry first."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.embedding.embedder import Embedder
from index.evaluation.typos import Typo, owners_by_key, typos
from index.names import name_key
from index.progress import Progress
from index.search.near import near
from index.storage import Generation

SHOWN = 5  # failures listed


@dataclass(frozen=True, slots=True)
class LookupCounts:
    """The number of names looked up (`asked`), and of those that found a right entry first
    (`first`)."""

    asked: int
    first: int


@dataclass(frozen=True, slots=True)
class FailedLookup:
    """A failed lookup: the query, the intended name, and the id of the first entry, or ""."""

    written: str
    meant: str
    got: str


@dataclass(frozen=True, slots=True)
class NameLookup:
    """The results of looking up names, and names with one typo. `wrong` has up to five failures of
    each kind."""

    names: LookupCounts
    typos: LookupCounts
    wrong: tuple[FailedLookup, ...]


def check_names(generation: Generation, embedder: Embedder, report: Progress) -> NameLookup:
    """Look up every term and alias of the entries, and up to 1,000 misspelt names."""
    rows = [
        (entry.id, name)
        for entry in generation.entries.values()
        for name in (entry.term, *entry.aliases)
        if name_key(name)
    ]

    def ask(phase: str, asked: Sequence[Typo]) -> tuple[LookupCounts, list[FailedLookup]]:
        wrong = []
        for done, one in enumerate(asked, start=1):
            neighbours = near(generation, embedder, one.written, 1).neighbours
            got = neighbours[0].id if neighbours else ""
            if got not in one.right:
                wrong.append(FailedLookup(one.written, one.name, got))
            report(f"Looking up {phase}", done, len(asked))
        return LookupCounts(len(asked), len(asked) - len(wrong)), wrong[:SHOWN]

    owners = owners_by_key(rows)
    known = {name_key(entry_id) for entry_id in generation.entries}
    names, astray = ask("names", [Typo(name, name, owners[name_key(name)]) for _, name in rows])
    misspelt, others = ask("misspelt names", typos(rows, known))
    return NameLookup(names, misspelt, (*astray, *others))
