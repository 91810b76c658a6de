"""The ids and addresses of pages that Notion writes into names when it exports them."""

import re

_ID = re.compile(r"[ _-][0-9a-f]{32}$")
_LINK = re.compile(
    r"\s\((?:https://(?:www\.)?notion\.so/[^()\s]{1,500}|[^()\s]{0,500}[0-9a-f]{32}[^()\s]{0,100})\)"
)


def has_page_id(stem: str) -> bool:
    """Return whether a file name ends with the id of a page."""
    return bool(_ID.search(stem))


def without_page_id(stem: str) -> str:
    """Remove the id of a page from the end of a file name: "Berth 1f…" gives "Berth"."""
    return _ID.sub("", stem)


def without_page_links(text: str) -> str:
    """Remove the addresses and files of pages in round brackets, which follow their names."""
    return _LINK.sub("", text) if "(" in text else text
