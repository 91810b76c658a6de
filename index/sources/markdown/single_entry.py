"""Read Markdown files with one entry, which may have fields in the front matter."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import PurePosixPath

from index.entry import LONGEST_TEXT, MOST_NAMES
from index.sources.dates import as_date
from index.sources.markdown.blocks import Block, plain_line, plain_markdown
from index.sources.markdown.entry_parser import DraftEntry
from index.sources.markdown.term_names import names_in, search_phrases_in, split_phrases
from index.text import is_web_address

TERM_KEYS = ("term", "title", "name")
DEFINITION_KEYS = ("short_description", "definition", "description", "summary", "short")
_ALIAS_KEYS = (
    *("aka", "aliases", "alias", "also_known_as", "abbreviation", "abbreviations", "acronym"),
    *("acronyms", "synonyms", "synonym", "abbr", "alternate_names"),
)
_URL_KEYS = ("full_link", "url", "link", "source_url", "canonical", "canonical_url", "homepage")
_DATE_KEYS = ("updated", "lastmod", "last_updated", "last_modified", "last_modified_at", "date")
_PHRASE_KEYS = ("search_phrases", "search_phrase", "searchphrases", "also_asked_as")
_LICENCE_KEYS = ("licence", "license", "spdx")


def draft_of(
    front: Mapping[str, object], blocks: Sequence[Block], name: str, line: int
) -> DraftEntry:
    """Build the draft of the single entry in the file `name` (a path within the source)."""
    title = _text(front, TERM_KEYS) or top_heading(blocks) or _file_title(name)
    body = [block for block in blocks if block.kind != "note"]
    if body and body[0].kind == "heading" and body[0].level == 1:
        body = body[1:]
    phrases, left_out = search_phrases_in(_phrases(front))
    return DraftEntry(
        title,
        line,
        tuple(body),
        short=_text(front, DEFINITION_KEYS),
        aliases=tuple(islice(_aliases(front), MOST_NAMES + 1)),
        category=_category(front),
        example="\n\n".join(_texts(front.get("example") or front.get("examples"))),
        related=tuple(_texts(front.get("related") or front.get("related_terms"))),
        url=next((url for url in values_in(front, _URL_KEYS) if is_web_address(url)), None),
        updated=_date(front),
        search_phrases=phrases,
        left_out=left_out,
    )


def licence_in(front: Mapping[str, object]) -> str:
    """Return the licence in the front matter, or ""."""
    return _text(front, _LICENCE_KEYS)


def _category(front: Mapping[str, object]) -> str:
    """Return the category in the front matter, or else the first tag, capitalized."""
    for key in ("category", "categories", "tags", "tag"):
        for value in _texts(front.get(key)):
            name = value.replace("-", " ").replace("_", " ") if " " not in value else value
            if not name.strip():
                continue
            return name.upper() if len(name) <= 3 else name[0].upper() + name[1:]
    return ""


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a front matter value (a text or a list) as plain text; skip long ones."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and len(item) <= LONGEST_TEXT and (text := plain_markdown(item)):
            yield text


def values_in(front: Mapping[str, object], keys: Sequence[str]) -> Iterator[str]:
    """Yield the texts under these keys of the front matter that are not blank."""
    for key in keys:
        value = front.get(key)
        if isinstance(value, str) and value.strip():
            yield value.strip()


def _text(front: Mapping[str, object], keys: Sequence[str]) -> str:
    return next(filter(None, map(plain_line, values_in(front, keys))), "")


def _aliases(front: Mapping[str, object]) -> Iterator[str]:
    """Yield the aliases. Skips URLs, since Hugo and Jekyll store old addresses under `aliases`."""
    for key in _ALIAS_KEYS:
        value = front.get(key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and "/" not in item.strip()[:1] and "://" not in item:
                name = plain_line(item)
                yield from (name,) if isinstance(value, list) else names_in(name)


def _phrases(front: Mapping[str, object]) -> Iterator[str]:
    for key in _PHRASE_KEYS:
        value = front.get(key)
        items = split_phrases(value) if isinstance(value, str) else value
        for item in items if isinstance(items, list) else ():
            if isinstance(item, str):
                yield plain_line(item)


def _date(front: Mapping[str, object]) -> date | None:
    """Return the first valid date in the front matter: a date in TOML, a string in YAML."""
    written = (front.get(key) for key in _DATE_KEYS)
    days = (as_date(str(value)) for value in written if isinstance(value, str | date))
    return next(filter(None, days), None)


def top_heading(blocks: Sequence[Block]) -> str:
    """Return the text of the first heading of level 1, or ""."""
    return next(
        (block.text for block in blocks if block.kind == "heading" and block.level == 1), ""
    )


def _file_title(name: str) -> str:
    """Return a title for a file name: `terms/top-p/index.md` and `terms/top-p.md` give "Top p"."""
    path = PurePosixPath(name)
    stem = path.parent.name if path.stem in ("index", "_index") else path.stem
    words = stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
