"""What the space answers, as data. Field names are a public contract (docs/reference/json.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.entry import Entry, Mention, PassageKind
from index.reply import BaseReply
from index.search.similarity import Band

Match = Literal["exact", "alias", "spelling", "words", "meaning"]


@dataclass(frozen=True, slots=True)
class Matched:
    """The passage of an entry that was nearest to what was asked."""

    kind: PassageKind
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry near what was asked.

    `similarity` (0…1) is what is shown and what lists are sorted by, and `band` puts it in words.
    `cosine` (-1…1) is the model's own, of the passage that matched best, and `percentile` the share
    of random pairs in this generation with a lower one, 0…100. `match` says what found
    it. `related` holds ids of entries.
    """

    id: str
    term: str
    category: str
    similarity: float
    rank: int
    aliases: tuple[str, ...]
    cosine: float
    percentile: float
    band: Band
    match: Match
    definition: str
    passage: Matched
    related: tuple[str, ...]
    source: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours(BaseReply):
    """The entries near `query`, the best first.

    `sparse` is true where the encyclopedia has nothing near; `note` then says so, and says
    anything else about the query that a reader should know. Empty otherwise. `why` is true where
    the reader asked for what matched.
    """

    kind: Literal["neighbours"] = "neighbours"
    query: str
    sparse: bool
    note: str
    neighbours: tuple[Neighbour, ...]
    why: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryReply(BaseReply):
    """One whole entry, how its name was found, and its nearest entries. `also_in` names the source
    of the entry that is folded into this one, or that this one is folded into: the bundled
    encyclopedia and a glossary have the term both. `whole` is true where the reader asked for more
    than the first screen."""

    kind: Literal["entry"] = "entry"
    match: Literal["exact", "alias", "spelling"]
    entry: Entry
    neighbours: tuple[Neighbour, ...]
    also_in: tuple[str, ...] = ()
    whole: bool = False


Confidence = Literal["sure", "quite sure", "not sure", "none"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where in an entry an answer stands: under a heading, or under a question of the entry;
    `heading` is empty where the entry as a whole is meant."""

    id: str
    term: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(BaseReply):
    """What the encyclopedia says to a question, in the words of its entries.

    `answered` is false where it says nothing; `text` then says so, there are no citations, and
    `confidence` is none. `sparse` is true where nothing is near the question. `nearest` are the
    entries nearest to it, the best first, and `follow_ups` are up to three questions to ask next,
    or to choose from where `text` asks which is meant. `confidence` is "not sure" where the match
    is weak; that is shown as a line before the answer.
    """

    kind: Literal["answer"] = "answer"
    question: str
    answered: bool
    text: str
    citations: tuple[Citation, ...]
    confidence: Confidence
    sparse: bool
    nearest: tuple[Mention, ...]
    follow_ups: tuple[str, ...]
