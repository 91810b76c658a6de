"""The results of trying a glossary before it is indexed."""

from dataclasses import dataclass
from typing import Literal

TrialKind = Literal[
    "term", "alias", "misspelling", "description", "owner", "status", "encyclopedia"
]


@dataclass(frozen=True, slots=True)
class TrialQuestion:
    """A question made from an entry, and what would be answered.

    `kind` says what names the entry in the question, or what is asked of it, and `term` is the term
    of that entry. `first` and `source` are the term and the source of the entry that a search ranks
    first, with its `similarity` (0…1); "" and 0 if nothing is near. `right` is true if that entry
    has the asked name. `sentence` is the first sentence of the answer. `hedged` is true if the
    answer says that it may not fit, or that there is none.
    """

    kind: TrialKind
    question: str
    term: str
    first: str
    source: str
    similarity: float
    right: bool
    sentence: str
    hedged: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """The answers to questions made from the entries of a glossary. `indexed` of its `entries` were
    indexed for it, `encyclopedia` says whether together with the bundled encyclopedia."""

    entries: int
    indexed: int
    encyclopedia: bool
    questions: tuple[TrialQuestion, ...]
