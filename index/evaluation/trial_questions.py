"""Make questions that people might ask from the entries of a glossary, without a language model."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.entry import Entry
from index.names import MIN_FUZZY_CHARACTERS, Names, name_key
from index.search.trial_results import TrialKind
from index.text import one_line

QUESTIONS = 10
_KINDS: tuple[TrialKind, ...] = (
    *("term", "alias", "misspelling", "description", "owner"),
    *("term", "description", "alias", "term", "description"),
)
_LONGEST_NAME = 60  # characters of a name that people type in a question
_FEWEST_WORDS, _MOST_WORDS = 4, 14  # words of a description
_CLAUSE_ENDS = re.compile(r"[.;:!?()\[\]–—]")
_LEAD = re.compile(r"^(?:(?:an?|the|is|are|any|some|that|which|who|of)\s+)+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question made from the entry with the id `entry_id`."""

    kind: TrialKind
    text: str
    entry_id: str
    term: str


def made_questions(own: Sequence[Entry], others: Sequence[Entry]) -> list[MadeQuestion]:
    """Return up to ten questions: about entries spread over `own`, and, if `others` (the bundled
    encyclopedia) has entries, one about the entry of these that they name most often."""
    names = Names((entry.id, entry.term, entry.aliases) for entry in own)
    foreign = _foreign(others, names)
    wanted = list(_KINDS[: QUESTIONS - bool(foreign)])
    used: set[tuple[TrialKind, str]] = set()
    found: list[MadeQuestion] = []
    for at, kind in enumerate(wanted):
        start = at * len(own) // len(wanted)
        around = [*own[start:], *own[:start]]
        for one in (kind, "status" if kind == "owner" else "term", "term"):
            if made := _first(one, around, used, names):
                used.add((made.kind, made.entry_id))
                found.append(made)
                break
    return [*found, *foreign]


def _first(
    kind: TrialKind, entries: Sequence[Entry], used: set[tuple[TrialKind, str]], names: Names
) -> MadeQuestion | None:
    """Make a question of a kind from an entry without a question, or else without such a one."""
    make, taken = _MAKERS[kind], {entry_id for _, entry_id in used}
    fresh = [entry for entry in entries if entry.id not in taken]
    others = [entry for entry in entries if entry.id in taken and (kind, entry.id) not in used]
    for entry in (*fresh, *others):
        if text := make(entry, names):
            return MadeQuestion(kind, text, entry.id, entry.term)
    return None


def _foreign(others: Sequence[Entry], own: Names) -> list[MadeQuestion]:
    named = Counter(name_key(item.term) for entry in others for item in entry.related)
    free = [entry for entry in others if not own.find_exact(entry.term)]
    best = max(free, key=lambda entry: named[name_key(entry.term)], default=None)
    if best is None:
        return []
    return [MadeQuestion("encyclopedia", f"What is {best.term}?", best.id, best.term)]


def _term(entry: Entry, _: Names) -> str:
    return f"What is {one_line(entry.term)}?" if len(entry.term) <= _LONGEST_NAME else ""


def _alias(entry: Entry, names: Names) -> str:
    """Ask for an entry by an alias that names no other entry."""
    for alias in entry.aliases:
        bearers = names.find_exact(alias)
        if len(alias) <= _LONGEST_NAME and [one.entry_id for one in bearers] == [entry.id]:
            return f"What is {one_line(alias)}?"
    return ""


def _misspelling(entry: Entry, names: Names) -> str:
    """Ask for an entry with two letters of the longest word of its term swapped."""
    words = [word for word in _WORD.findall(entry.term) if len(word) > MIN_FUZZY_CHARACTERS]
    if not words or len(entry.term) > _LONGEST_NAME:
        return ""
    word = max(words, key=len)
    for at in range(len(word) // 2, len(word) - 1):
        if word[at].casefold() != word[at + 1].casefold():
            wrong = f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"
            name = one_line(entry.term.replace(word, wrong, 1))
            return "" if names.find_exact(name) else f"What is {name}?"
    return ""


def _description(entry: Entry, _: Names) -> str:
    """Describe an entry by the start of its definition, without the words of its names."""
    taken = {key for name in (entry.term, *entry.aliases) for key in name_key(name).split()}
    for clause in _CLAUSE_ENDS.split(one_line(entry.definition)):
        words = [word for word in clause.split() if name_key(word.strip(",")) not in taken]
        text = _LEAD.sub("", " ".join(words).strip(" ,"))
        cut = text.split()[:_MOST_WORDS]
        if len(cut) >= _FEWEST_WORDS:
            return " ".join(cut).strip(" ,")
    return ""


def _owner(entry: Entry, _: Names) -> str:
    asked = entry.owner and len(entry.term) <= _LONGEST_NAME
    return f"Who owns {one_line(entry.term)}?" if asked else ""


def _status(entry: Entry, _: Names) -> str:
    asked = entry.status and len(entry.term) <= _LONGEST_NAME
    return f"What is the status of {one_line(entry.term)}?" if asked else ""


_MAKERS: dict[TrialKind, Callable[[Entry, Names], str]] = {
    "term": _term,
    "alias": _alias,
    "misspelling": _misspelling,
    "description": _description,
    "owner": _owner,
    "status": _status,
}
