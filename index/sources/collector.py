"""Convert the rows or records of a file to entries. Rows with the same term become one entry."""

import re
from dataclasses import replace

from index.entry import (
    MOST_CATEGORIES,
    MOST_DETAILS,
    MOST_PHRASES,
    Entry,
    Section,
    Sense,
)
from index.errors import NoEntriesError
from index.names import name_key, unique_names
from index.sources.cells import LONGEST_CELL, plain_line
from index.sources.field_values import MOST_ITEMS
from index.sources.files import (
    Reading,
    Refusal,
    RefusalKind,
    RefusedError,
    SourceFile,
    in_unit,
)
from index.sources.lengths import TABLE_CAUSE, far_longer
from index.sources.prose import sections, split_definition
from index.sources.row import Row, is_name, with_expansion
from index.sources.row_names import with_names, without_pointers
from index.text import one_line, shorten

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_MARKS = 1_000_000  # markup characters; more take minutes to parse
LONGEST_LABEL = 40  # characters of a context that may serve as the category
MOST_MEANINGS = 200
_WHAT = "What it is"
_Meaning = tuple[str, ...]  # expansion, definition, context


class EntryCollector:
    """Collects the rows of a file and its refusals (skipped parts), and builds its entries."""

    def __init__(self, file: SourceFile, unit: str = "line", cause: str = TABLE_CAUSE) -> None:
        """Collect from `file`. `unit` is the word for a row in messages, such as "record", and
        `cause` the likely cause if an entry is far too long."""
        self._cause = cause
        self._path = file.path
        self._unit = unit
        self._drafts: dict[str, dict[_Meaning, Row]] = {}
        self._whole: list[Entry] = []
        self._refused: list[Refusal] = []
        self._left_out: dict[str, list[Refusal]] = {}
        self._marks = 0
        self._licences: dict[str, None] = {}
        self._ignored: dict[str, None] = {}

    def refuse(
        self, line: int | None, reason: str, hint: str = "", kind: RefusalKind = "skipped"
    ) -> None:
        """Record a part of the file that is not read as it is written; `line` None stands for the
        whole file."""
        self._refused.append(Refusal(str(self._path), line, reason, hint, kind))

    def licence(self, note: str) -> None:
        """Record the licence of the file or of one of its records."""
        if note := shorten(plain_line(note), 300):
            self._licences.setdefault(note)

    def add_entry(self, entry: Entry) -> None:
        """Add a complete entry."""
        self._whole.append(entry)

    def count_marks(self, line: int, marks: int) -> bool:
        """Add the number of markup characters in a row; return False once the file has too many."""
        self._marks += marks
        if self._marks > MOST_MARKS:
            self.refuse(
                line, f"has more than {MOST_MARKS:,} markup characters; the rest is skipped"
            )
            return False
        return True

    def add_row(self, draft: Row, where: str = "") -> None:
        """Add a row as a new entry, or as another meaning of an existing entry.

        `where` (such as a sheet) is prepended to the reasons of refusals. Raises `RefusedError` if
        the term already has 200 meanings.
        """
        draft = with_expansion(with_names(draft))
        for kind, reason in draft.left_out:
            refusal = Refusal(str(self._path), draft.line, where + reason, kind="shortened")
            self._left_out.setdefault(where + kind, []).append(refusal)
        self.licence(draft.licence)
        self._ignored.update(dict.fromkeys(filter(None, draft.ignored)))
        meanings = self._drafts.setdefault(name_key(draft.term), {})
        if same := meanings.get(_meaning(draft)):
            reason = f"{where}duplicate of {self._unit} {same.line}"
            self.refuse(draft.line, reason, kind="merged")
        elif len(meanings) >= MOST_MEANINGS:
            raise RefusedError(f"a term has at most {MOST_MEANINGS:,} meanings")
        else:
            first = next(iter(meanings.values()), draft)
            if _spelling(first.term) != _spelling(draft.term):
                reason = f"{where}{draft.term} is another meaning of {first.term}"
                self.refuse(draft.line, reason, kind="merged")
            meanings[_meaning(draft)] = draft

    def reading(self) -> Reading:
        """Return the collected entries and refusals in the order of the file.

        Raises `SourceError` when there are neither entries nor refusals.
        """
        rows = without_pointers({key: list(of.values()) for key, of in self._drafts.items()})
        entries = tuple(
            self._bounded(_entry(key, drafts), drafts[0].line) for key, drafts in rows.items()
        )
        lines = [drafts[0].line for drafts in rows.values()]
        for line, reason in far_longer(list(zip(lines, entries, strict=True)), self._cause):
            self.refuse(line, reason, kind="far longer")
        left_out = [
            replace(first, reason=f"{first.reason} (and {len(more):,} more)") if more else first
            for first, *more in self._left_out.values()
        ]
        refused = sorted((*self._refused, *left_out), key=lambda item: item.line or 0)
        if not self._drafts and not self._whole and not refused:
            raise NoEntriesError(self._path, None, "has no entries")
        licence = "; ".join(list(self._licences)[:3])
        ignored = tuple(self._ignored)[:MOST_COLUMNS]
        return Reading((*self._whole, *entries), in_unit(refused, self._unit), licence, ignored)

    def _bounded(self, entry: Entry, line: int) -> Entry:
        for name, what, most in (
            ("aliases", "aliases", MOST_ITEMS),
            ("related", "related terms", MOST_ITEMS),
            ("references", "references", MOST_ITEMS),
            ("search_phrases", "search phrases", MOST_PHRASES),
            ("more_categories", "further categories", MOST_CATEGORIES),
            ("details", "details", MOST_DETAILS),
        ):
            items = getattr(entry, name)
            if len(items) > most:
                reason = f"has {len(items):,} {what}; the first {most} are used"
                self.refuse(line, reason, kind="shortened")
                entry = replace(entry, **{name: items[:most]})
        return entry


def _spelling(term: str) -> str:
    return " ".join(term.casefold().replace("-", " ").split())


def _meaning(draft: Row) -> _Meaning:
    definition = draft.definition or draft.long
    said = (draft.expansion, definition, draft.context or draft.category)
    return tuple(one_line(text).casefold() for text in said)


def _entry(key: str, drafts: list[Row]) -> Entry:
    first = drafts[0]
    senses: list[Sense] = []
    parts: list[Section] = []
    for draft in drafts:
        sense, more = _sense(draft, several=len(drafts) > 1)
        senses.append(sense)
        parts += more
    aliases = [alias for draft in drafts for alias in draft.aliases]
    phrases = [phrase for draft in drafts for phrase in draft.search_phrases]
    if len(drafts) == 1 and is_name(first.expansion):
        aliases.insert(0, first.expansion)
    category = next(filter(None, map(_category, drafts)), "")
    categories = [name for draft in drafts for name in draft.categories]
    examples = list(dict.fromkeys(draft.example for draft in drafts if draft.example))
    while sum(map(len, examples)) > LONGEST_CELL:
        examples.pop()
    return Entry(
        id="-".join(key.split()),
        term=first.term,
        definition=senses[0].definition,
        category=category,
        more_categories=unique_names(category, categories),
        aliases=unique_names(first.term, aliases),
        updated=max((draft.updated for draft in drafts if draft.updated), default=None),
        senses=tuple(senses) if len(senses) > 1 else (),
        sections=tuple(parts),
        example="\n\n".join(examples),
        related=tuple(dict.fromkeys(item for draft in drafts for item in draft.related)),
        references=tuple(dict.fromkeys(item for draft in drafts for item in draft.references)),
        url=next((draft.url for draft in drafts if draft.url), None),
        search_phrases=unique_names(first.term, phrases),
        owner=next((draft.owner for draft in drafts if draft.owner), ""),
        status=next((draft.status for draft in drafts if draft.status), ""),
        details=tuple(dict.fromkeys(item for draft in drafts for item in draft.details)),
    )


def _sense(draft: Row, *, several: bool) -> tuple[Sense, list[Section]]:
    said = draft.definition or draft.long or draft.expansion
    first, *others = re.split(r"\n\n|\n(?=- )", said, maxsplit=1)
    definition, rest = split_definition(one_line(first))
    others += [draft.long] if draft.definition else []
    rest = "\n\n".join(part for part in (rest, *others) if part)
    name = draft.expansion
    if several and name and said != name:
        definition = f"{name}: {definition}"
    mark = f": {name}" if several and is_name(name) else ""
    parts = list(sections(_WHAT + mark, rest))
    parts += [replace(part, heading=part.heading + mark) for part in draft.sections]
    if not several and name and said != name and not is_name(name):
        parts.insert(0, Section("What it stands for", name))
    if not several and draft.context and draft.context != _category(draft):
        parts += sections("Context", draft.context)
    return Sense(definition, draft.context or draft.category), parts


def _category(draft: Row) -> str:
    if draft.category or len(draft.context) > LONGEST_LABEL or "://" in draft.context:
        return draft.category
    return draft.context
