"""Reply types for searches. Field names are a public contract (docs/reference/json.md)."""

from dataclasses import dataclass
from typing import Literal

from index.entry import Entry, Mention, PassageKind
from index.reply import BaseReply
from index.search.browse import CategorySize
from index.search.similarity import Band

Match = Literal["exact", "alias", "spelling", "words", "meaning"]


@dataclass(frozen=True, slots=True)
class MatchedPassage:
    """The passage of an entry that is nearest to the query. `asked_as` is the entry's search phrase
    if that is nearer still and comes from the encyclopedia; those of other sources, which may be
    questions of users, are not shown."""

    kind: PassageKind
    heading: str
    text: str
    asked_as: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry near the query. Lists are sorted by `similarity` (0…1); `band` puts it in words.
    `cosine` (-1…1) is the cosine of the best passage, and `percentile` (0…100) the share of random
    pairs with a lower cosine. `match` is how the entry was found. `related` holds entry ids."""

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
    passage: MatchedPassage
    related: tuple[str, ...]
    source: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours(BaseReply):
    """The entries near `query`, best first. `sparse` is true if the query is out of domain. `note`
    is a remark on the query, such as a corrected spelling, or empty. `why` is true if the user
    asked to see the matching passages. `within` is the category or source searched, if limited."""

    kind: Literal["neighbours"] = "neighbours"
    query: str
    sparse: bool
    note: str
    neighbours: tuple[Neighbour, ...]
    why: bool = False
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryReply(BaseReply):
    """An entry, how its name matched, and its nearest entries. `also_in` is the other source with
    an entry of the same name, if any. `whole` is true if the user asked for the full entry instead
    of an abridged one. `note` says that the name was misspelt. `section` is the heading of the only
    part of the entry that the user asked for, or empty."""

    kind: Literal["entry"] = "entry"
    match: Literal["exact", "alias", "spelling"]
    entry: Entry
    neighbours: tuple[Neighbour, ...]
    also_in: tuple[str, ...] = ()
    whole: bool = False
    note: str = ""
    section: str = ""


Confidence = Literal["sure", "quite sure", "not sure", "none"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of an entry. `heading` is the heading or question of the cited part, or empty for
    the whole entry."""

    id: str
    term: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(BaseReply):
    """The answer to a question, in sentences from the entries. `answered` is false if there is no
    answer; `text` then says so and `confidence` is "none". `sparse` is true if the question is out
    of domain. `follow_ups` are questions to ask next, or the choices if `text` asks which entry is
    meant. `topic` is the id of the entry that the question is about, if that may not be the first
    one cited, or empty."""

    kind: Literal["answer"] = "answer"
    question: str
    answered: bool
    text: str
    citations: tuple[Citation, ...]
    confidence: Confidence
    sparse: bool
    nearest: tuple[Mention, ...]
    follow_ups: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry of a list, with its definition."""

    id: str
    term: str
    category: str
    definition: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryList(BaseReply):
    """One page of an alphabetical list of entries: all of them, or those in `category` and under
    `letter`, if given. `first` is the position of the first entry of the page in the list, from 1,
    and `total` the number of entries in the list. `categories` are the sizes of all categories,
    unless one was asked for."""

    kind: Literal["list"] = "list"
    category: str
    letter: str
    entries: tuple[ListedEntry, ...]
    first: int
    total: int
    page: int
    pages: int
    categories: tuple[CategorySize, ...]


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """An entry that a text names, as `written` there. `definition` is the meaning that fits the
    text best, if the entry has several."""

    id: str
    term: str
    category: str
    written: str
    definition: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation(BaseReply):
    """The entries that `text` names, in the order in which it names them, and its abbreviations
    that no entry defines. `more` is the number of further entries that are left out."""

    kind: Literal["explanation"] = "explanation"
    text: str
    terms: tuple[ExplainedTerm, ...]
    undefined: tuple[str, ...]
    more: int
