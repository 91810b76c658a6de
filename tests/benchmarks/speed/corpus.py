"""Build a glossary of any size from sentences of the bundled encyclopedia, and queries for it.

The same size gives the same texts on every machine. Every passage is unique: it contains its term,
and terms are unique.
"""

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations

from index.entry import Entry, Question, Section, passages_of
from index.sources.loader import read_sources

PASSAGES = 5  # per entry: a definition, two sections, a question and its answer
CATEGORIES = (
    *("Design", "Finance", "Health", "Law", "Marketing"),
    *("Operations", "People", "Product", "Research", "Sales"),
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z' -]*")


def glossary(passages: int) -> list[Entry]:
    """Return entries with `passages` passages in all, or up to four more."""
    chance = random.Random(passages)
    terms = _terms(chance)
    sentences = _sentences()

    def some(count: int) -> str:
        return " ".join(chance.choices(sentences, k=count))

    return [
        Entry(
            id=f"glossary/{number}",
            term=(term := next(terms)),
            definition=some(1),
            category=CATEGORIES[number % len(CATEGORIES)],
            sections=(Section("What it is", some(3)), Section("How it is used", some(3))),
            faq=(Question(f"When is {term} worth a second look?", some(2)),),
            source="glossary",
        )
        for number in range(-(-passages // PASSAGES))
    ]


def queries() -> list[str]:
    """Return the first three to nine words of each sentence in the encyclopedia, without
    duplicates."""
    chance = random.Random(1)
    begun = (" ".join(text.split()[: chance.randint(3, 9)]).rstrip("'- ") for text in _sentences())
    asked = [text for text in dict.fromkeys(begun) if _PLAIN.fullmatch(text) and " " in text]
    chance.shuffle(asked)
    return asked


@cache
def _sentences() -> Sequence[str]:
    """Return the distinct sentences of the bundled encyclopedia, in order."""
    found = (
        sentence
        for entry in _encyclopedia()
        for passage in passages_of(entry)
        for sentence in _SENTENCE_ENDS.split(passage.text)
    )
    return [text for text in dict.fromkeys(found) if "\n" not in text and " " in text]


def _terms(chance: random.Random) -> Iterator[str]:
    words = {
        word
        for entry in _encyclopedia()
        for word in re.findall(r"[a-z]{4,}", entry.term.casefold())
    }
    pairs = list(permutations(sorted(words), 2))
    chance.shuffle(pairs)
    return (f"{first} {second}".capitalize() for first, second in pairs)


@cache
def _encyclopedia() -> Sequence[Entry]:
    return read_sources().entries
