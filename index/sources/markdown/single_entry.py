"""Read Markdown files with one entry, which may have fields in the front matter."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import PurePosixPath

from index.entry import LONGEST_TEXT, MOST_NAMES
from index.sources.columns import OTHER, field_of
from index.sources.dates import as_date
from index.sources.details import split_names, team_fields
from index.sources.markdown.blocks import Block, plain_line, plain_markdown
from index.sources.markdown.entry_parser import DraftEntry
from index.sources.markdown.term_names import names_in, search_phrases_in, split_phrases
from index.sources.page_ids import without_page_id
from index.text import is_web_address, word_set

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
_CATEGORY_KEYS, _TAG_KEYS = ("category", "categories"), ("tags", "tag")
_OTHER_KEYS = ("example", "examples", "related", "related_terms")
_READ = frozenset(
    (
        *(*TERM_KEYS, *DEFINITION_KEYS, *_ALIAS_KEYS, *_URL_KEYS, *_DATE_KEYS, *_PHRASE_KEYS),
        *(*_LICENCE_KEYS, *_CATEGORY_KEYS, *_TAG_KEYS, *_OTHER_KEYS),
    )
)
# Settings of site generators (Hugo, Jekyll, MkDocs, …), which say nothing about the term.
_SETTINGS = word_set(
    "layout template type page_type content_type permalink published unlisted lang linktitle "
    "link_title short_title subtitle sidebar sidebar_label sidebar_position sidebar_class_name "
    "nav nav_order nav_title nav_exclude nav_icon navigation menu menus parent grand_parent "
    "has_children toc has_toc toc_hide toc_sticky toc_min_heading_level toc_max_heading_level "
    "hide hide_title hide_table_of_contents hidden hide_summary headless cascade build outputs "
    "resources sitemap robots noindex search search_exclude exclude_search redirect redirects "
    "redirect_from redirect_to pagination_next pagination_prev pagination_label custom_edit_url "
    "image images thumbnail cover featured_image banner icon css js head math mermaid comments "
    "share classes no_list simple_list body_class body_classes feed main_menu card markup "
    "editor_options output jupyter kernelspec"
)


def draft_of(
    front: Mapping[str, object], blocks: Sequence[Block], name: str, line: int
) -> DraftEntry:
    """Build the draft of the single entry in the file `name` (a path within the source)."""
    title = _text(front, TERM_KEYS) or top_heading(blocks) or _file_title(name)
    body = [block for block in blocks if block.kind != "note"]
    if body and body[0].kind == "heading" and body[0].level == 1:
        body = body[1:]
    phrases, left_out = search_phrases_in(_phrases(front))
    team = team_fields(_own_lines(front), _categories(front))
    return DraftEntry(
        title,
        line,
        tuple(body),
        short=_text(front, DEFINITION_KEYS),
        aliases=tuple(islice(_aliases(front), MOST_NAMES + 1)),
        category=next(iter(team.categories), ""),
        example="\n\n".join(_texts(front.get("example") or front.get("examples"))),
        related=tuple(_texts(front.get("related") or front.get("related_terms"))),
        url=next((url for url in values_in(front, _URL_KEYS) if is_web_address(url)), None),
        updated=_date(front),
        search_phrases=phrases,
        team=team,
        left_out=left_out,
    )


def licence_in(front: Mapping[str, object]) -> str:
    """Return the licence in the front matter, or ""."""
    return _text(front, _LICENCE_KEYS)


def _categories(front: Mapping[str, object]) -> Iterator[str]:
    """Yield the categories in the front matter, and then the tags, capitalized."""
    for key in (*_CATEGORY_KEYS, *_TAG_KEYS):
        value = front.get(key)
        for text in _texts(value):
            commas = key in _TAG_KEYS and not isinstance(value, list)
            for name in split_names(text, commas=commas):
                words = name if " " in name else name.replace("-", " ").replace("_", " ").strip()
                yield words.upper() if len(words) <= 3 else words[:1].upper() + words[1:]


def _own_lines(front: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield the fields of the team that only the entry shows: field, name, line of text."""
    found = []
    for key, value in front.items():
        field, rank = field_of(key) or (OTHER, 0)
        if field and key not in _READ | _SETTINGS:
            found.append((rank, field, key, value))
    found.sort(key=lambda item: item[0] if item[1] in ("owner", "status") else 0)
    for _, field, key, value in found:
        if isinstance(value, dict) and field not in ("owner", "status"):
            for inner, item in value.items():
                yield field, f"{key}: {inner}", _line(item)
        else:
            yield field, key, _line(value)


def _line(value: object) -> str:
    """Return a value of the front matter as one line, its parts separated by `; `."""
    if isinstance(value, dict | list):
        parts = map(_line, value.values() if isinstance(value, dict) else value)
        return "; ".join(filter(None, parts))
    return plain_line(str(value).lower() if isinstance(value, bool) else str(value))


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
    words = without_page_id(stem).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
