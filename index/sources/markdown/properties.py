"""Parse the properties of a page that was exported from Notion: "Owner: Ana" lines under its title.

Such a page has no front matter, and its file name ends with the id of the page.
"""

import re
from pathlib import PurePosixPath

from index.sources.columns import field_of
from index.sources.page_ids import has_page_id, without_page_links

_PROPERTY = re.compile(r"^(?P<name>[A-Z][\w '’()/&-]{0,40}?):[ \t]+(?P<value>\S.*)$")
_TIME = re.compile(r"(?:,\s{0,4}|(?<=\S)\s)\d{1,2}:\d{2}\b.*$")
_DATES = frozenset({"last edited", "last edited time", "edited"})
_OTHERS = frozenset(
    {"created by", "created time", "last edited by", "assignee", "person", "people"}
)
_LISTED = frozenset({"category", "aliases", "related"})
_MOST = 50  # properties of a page


def split_properties(body: str, name: str) -> tuple[dict[str, object], str]:
    """Return the properties under the title of a page, as front matter, and the text without them.

    `name` is the path of the file. A paragraph is taken for properties if each of its lines has a
    name and a value, and one of the names is known. A single line has to be one that never defines
    a term, such as its owner, unless the file name has the id of a page. Line numbers stay.
    """
    lines = body.split("\n")
    filled = [at for at, line in enumerate(lines[: _MOST + 50]) if line.strip()]
    if not filled or not lines[filled[0]].startswith("# "):
        return {}, body
    start = next((at for at in filled if at > filled[0]), len(lines))
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    found = [_PROPERTY.match(line.strip()) for line in lines[start : min(end, start + _MOST + 1)]]
    fields = {one["name"]: one["value"] for one in found if one}
    exported = has_page_id(PurePosixPath(name).stem)
    if not fields or len(fields) < len(found) or not _are_properties(fields, sure=exported):
        return {}, body
    lines[start:end] = [""] * (end - start)
    return dict(_setting(*field) for field in fields.items()), "\n".join(lines)


def _are_properties(fields: dict[str, str], *, sure: bool) -> bool:
    known = [name for name in fields if _is_known(name)]
    if sure or len(fields) > 1:
        return bool(known)
    return any((field_of(name) or ("", 0))[0] in ("", "category") for name in known)


def _is_known(name: str) -> bool:
    return field_of(name) is not None or name.casefold() in _DATES | _OTHERS


def _setting(name: str, value: str) -> tuple[str, object]:
    """Return the key and the value of a property in front matter."""
    value = without_page_links(value)
    key = name.casefold()
    field = (field_of(name) or ("", 0))[0]
    if key in _DATES or field == "updated":
        return ("updated" if key in _DATES else key), _TIME.sub("", value)
    if field in _LISTED:
        return key, [part.strip() for part in value.split(",") if part.strip()]
    return (f"property {key}" if field == "term" else key), value
