"""How much of a question's own words an entry has."""

from __future__ import annotations

from index.entry import Entry, passages_of
from index.store.words import telling_tokens


def share_of_words(question: str, entry: Entry) -> float:
    """The share, 0…1, of the telling words of `question` that stand in `entry`, by their stem or
    their beginning; 0 for a question without words."""
    tokens = telling_tokens()
    texts = (entry.term, *entry.aliases, *(passage.text for passage in passages_of(entry)))
    held = set(tokens("\n".join(texts)))
    asked = tokens(question)
    words = len(asked) // 2
    stems, beginnings = asked[:words], asked[words:]
    found = [stem in held or start in held for stem, start in zip(stems, beginnings, strict=True)]
    return sum(found) / words if words else 0.0
