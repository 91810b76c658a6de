"""Export entries as Markdown pages (see `index.sources.entry_page`), one file per entry.

Each page is parsed before it is written. Fields that an import would not restore from Markdown,
such as a text with a line that looks like a heading, are written in the section "Fields as JSON".
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.entry import OUTSIDE, Entry, Question, Reference, Related, Section, group_rewordings
from index.errors import SourceError
from index.export.filenames import is_safe, make_safe, safe_name
from index.export.jsonl import as_json, select_fields
from index.export.normalize import id_within
from index.export.roundtrip import differences, refusal_sentence
from index.sources.entry_page import (
    EXAMPLE,
    FIELDS,
    LONGEST_PAGE,
    QUESTIONS,
    REFERENCES,
    RELATED,
    parse_parts,
)
from index.sources.registry import id_of_page

_BODY = ("definition", "sections", "example", "related", "faq", "references")
_DATES = ("updated", "reviewed")
_BLANK = Entry(id="", term="", definition="")
_FOLLOWING = Section("What follows", "x")
# Texts that need no quotes in YAML, even in a list.
_PLAIN = re.compile(r"[^\W\d_](?:[\w &+./()'’–-]*[\w+.)])?")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NUMBERED = re.compile(r"\A(.+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an export.

    `path` is relative and POSIX. `entry` is the result of importing the page, or None; `lost` has
    sentences about its differences from the exported entry.
    """

    path: str
    text: str
    entry: Entry | None
    lost: tuple[str, ...]


def pages_of(entries: Sequence[Entry]) -> list[Page]:
    """Render entries as pages, in the order in which an import reads them."""
    ids = {entry.id for entry in entries}
    sources = list(dict.fromkeys(entry.source for entry in entries))
    named = [(sources.index(entry.source), _path(entry, ids), entry) for entry in entries]
    return [_page(path, entry) for _, path, entry in sorted(named, key=lambda item: item[:2])]


def _path(entry: Entry, ids: Collection[str]) -> str:
    folder = f"{safe_name(entry.source)}/" if entry.source else ""
    return f"{folder}{_file_name(entry, ids)}.md"


def _file_name(entry: Entry, ids: Collection[str]) -> str:
    """Return a file name that an import converts to the entry's id, or else a safe name."""
    name = id_within(entry)
    numbered = _NUMBERED.fullmatch(name)
    if numbered and entry.id.removesuffix(f"-{numbered[2]}") in ids:
        # "rag-2.md" sorts before "rag.md", and would take the links to "RAG".
        name = f"{numbered[1]}_{numbered[2]}"
    natural = is_safe(name) and id_of_page(name + ".md") == id_within(entry)
    return name if natural else make_safe(id_within(entry))


def _page(path: str, entry: Entry) -> Page:
    front = _front(entry)
    special = {"senses"} if entry.senses else set()
    if id_of_page(path) != id_within(entry):
        special.add("id")
    body = _body(entry, special)
    read, problem = _read(path, front, body)
    if read is None or differences(entry, read):
        special |= {name for name in _BODY if not _survives_in_body(entry, name)}
        body = _body(entry, special)
        read, problem = _read(path, front, body)
    text = "\n".join(("---", *map(_setting, front.items()), "---", body))
    if len(text) > LONGEST_PAGE:
        read, problem = None, f"the page has {len(text):,} characters, {LONGEST_PAGE:,} are allowed"
    if read is None:
        return Page(path, text, None, (refusal_sentence(entry, problem),))
    read = replace(read, id=entry.id, source=entry.source, path=path)
    return Page(path, text, read, tuple(differences(entry, read)))


def _read(path: str, front: Mapping[str, object], body: str) -> tuple[Entry | None, str]:
    try:
        return parse_parts(front, body, 1, Path(path), id_of_page(path)), ""
    except SourceError as error:
        return None, error.reason


def _survives_in_body(entry: Entry, name: str) -> bool:
    """Whether an import of the page's body restores a field and the section after it."""
    alone = replace(Entry(id="x", term="x", definition="x"), **{name: getattr(entry, name)})
    heading, text = _FOLLOWING.heading, _FOLLOWING.text
    body = f"{_body(alone, ())}\n## {heading}\n{text}\n"
    read, _ = _read("x.md", {"term": "x"}, body)
    return read == replace(alone, sections=(*alone.sections, _FOLLOWING))


def _front(entry: Entry) -> dict[str, str | list[str]]:
    front: dict[str, str | list[str]] = {
        "term": entry.term,
        "aliases": list(entry.aliases),
        "category": entry.category,
        "updated": entry.updated.isoformat() if entry.updated else "",
        "reviewed": entry.reviewed.isoformat() if entry.reviewed else "",
        "status": entry.status,
        "url": entry.url or "",
        "licence": entry.licence,
        "search phrases": list(entry.search_phrases),
    }
    return {key: value for key, value in front.items() if value}


def _setting(setting: tuple[str, str | list[str]]) -> str:
    key, value = setting
    if isinstance(value, list):
        return f"{key}: [{', '.join(map(_scalar, value))}]"
    return f"{key}: {value if key in _DATES else _scalar(value)}"


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _WORDS_OF_YAML
    return text if plain else as_json(text)


def _body(entry: Entry, special: Collection[str]) -> str:
    """Render the page below its front matter, with the fields in `special` as JSON at the end."""
    plain = replace(entry, **{name: getattr(_BLANK, name) for name in _BODY if name in special})
    parts = [plain.definition, *_parts(plain)]
    if special:
        parts.append(f"## {FIELDS}\n```json\n{as_json(select_fields(entry, special), 1)}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"


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
