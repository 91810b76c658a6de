"""Export entries as Markdown pages (see `index.sources.entry_page`), one file per entry.

Each page is parsed before it is written. Fields that an import would not restore from Markdown,
such as a text with a line that looks like a heading, are written in the section "Fields as JSON".
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from index.entry import OUTSIDE, Entry, Question, Reference, Related, Section, group_rewordings
from index.errors import SourceError
from index.export.filenames import is_safe, make_safe, safe_name
from index.export.jsonl import as_json, id_within, select_fields
from index.export.roundtrip import differences, refusal_sentence
from index.sources.entry_page import (
    EXAMPLE,
    FIELDS,
    LONGEST_PAGE,
    QUESTIONS,
    REFERENCES,
    RELATED,
    id_of_page,
    parse_page,
)

# The fields that a page may be unable to express.
_PLAIN = ("definition", "sections", "example", "related", "faq", "references", "details")
_BLANK = Entry(id="", term="", definition="")
_FOLLOWING = Section("What follows", "x")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an export.

    `path` is a relative POSIX path. `lost` has sentences about content that an import would not
    restore.
    """

    path: str
    text: str
    lost: tuple[str, ...]


def _path(entry: Entry, ids: Collection[str]) -> str:
    """Return a path from which an import derives the entry's id, or else a safe path."""
    folder = f"{safe_name(entry.source)}/" if entry.source else ""
    own = name = id_within(entry)
    base, _, number = name.rpartition("-")
    if number.isdigit() and entry.id.removesuffix(f"-{number}") in ids:
        # "rag-2.md" would be read before "rag.md", and take the links to "RAG".
        name = f"{base}_{number}"
    natural = is_safe(name) and id_of_page(name + ".md") == own
    return f"{folder}{name if natural else make_safe(own)}.md"


def render_page(entry: Entry, ids: Collection[str] = ()) -> Page:
    """Render an entry as a page. `ids` are those of all exported entries."""
    path = _path(entry, ids)
    special = {"senses"} if entry.senses else set()
    if id_of_page(path) != id_within(entry):
        special.add("id")
    text = _text(entry, special)
    read, problem = _read(path, text)
    if read is None or differences(entry, read):
        special |= {name for name in _PLAIN if not _survives(entry, name)}
        text = _text(entry, special)
        read, problem = _read(path, text)
    if read is None:
        return Page(path, text, (refusal_sentence(entry, problem),))
    return Page(path, text, tuple(differences(entry, read)))


def _read(path: str, text: str) -> tuple[Entry | None, str]:
    try:
        return parse_page(text, Path(path), id_of_page(path)), ""
    except SourceError as error:
        return None, error.reason


def _survives(entry: Entry, name: str) -> bool:
    """Return whether an import of the page restores a field and the section after it."""
    alone = replace(Entry(id="x", term="x", definition="x"), **{name: getattr(entry, name)})
    heading, text = _FOLLOWING.heading, _FOLLOWING.text
    read, _ = _read("x.md", f"{_text(alone, ())}\n## {heading}\n{text}\n")
    return read == replace(alone, sections=(*alone.sections, _FOLLOWING))


def _text(entry: Entry, special: Collection[str]) -> str:
    """Render a page, with the fields in `special` as JSON at the end."""
    plain = replace(entry, **{name: getattr(_BLANK, name) for name in _PLAIN if name in special})
    settings = "".join(f"{key}: {_yaml(value)}\n" for key, value in _front(plain) if value)
    parts = [plain.definition, *_parts(plain)]
    if special:
        parts.append(f"## {FIELDS}\n```json\n{as_json(select_fields(entry, special), 1)}\n```")
    body = "\n\n".join(part for part in parts if part)
    return f"---\n{settings}---\n{body}\n"


def _front(entry: Entry) -> Iterator[tuple[str, object]]:
    yield "term", entry.term
    yield "aliases", list(entry.aliases)
    yield "category", entry.category
    yield "more categories", list(entry.more_categories)
    yield "updated", entry.updated
    yield "reviewed", entry.reviewed
    yield "status", entry.status
    yield "owner", entry.owner
    yield "details", {item.name: item.value for item in entry.details}
    yield "url", entry.url
    yield "licence", entry.licence
    yield "search phrases", list(entry.search_phrases)


def _yaml(value: object) -> str:
    text: str = yaml.safe_dump(
        value, allow_unicode=True, default_flow_style=True, width=LONGEST_PAGE, sort_keys=False
    )
    return text.removesuffix("...\n").strip()


def _parts(entry: Entry) -> Iterator[str]:
    for section in entry.sections:
        yield f"## {section.heading}\n{section.text}"
    if entry.example:
        yield f"## {EXAMPLE}\n{entry.example}"
    if entry.related:
        yield "\n".join((f"## {RELATED}", *map(_related, entry.related)))
    if entry.faq:
        yield f"## {QUESTIONS}\n" + "\n\n".join(map(_questions, group_rewordings(entry.faq)))
    if entry.references:
        yield "\n".join((f"## {REFERENCES}", *map(_reference, entry.references)))


def _questions(alike: Sequence[Question]) -> str:
    return "\n".join((*(f"### {item.question}" for item in alike), alike[0].answer))


def _related(item: Related) -> str:
    return f"- {item.term}{f' {OUTSIDE}' if item.outside else ''}: {item.why}"


def _reference(item: Reference) -> str:
    text = f" {item.text}" if item.text != item.url else ""
    return f"-{text} <{item.url}>" if item.url else f"-{text}"
