"""Extract the visible lines of text from a page that was saved as HTML."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup

from index.errors import SourceError
from index.sources.files import check_count
from index.sources.webpage.headings import known_headings
from index.sources.webpage.lines import COMMENT, TextLine, tidy
from index.sources.webpage.walk import CRUMBS, Walk
from index.text import one_line

MOST_DEEP = 2_000  # nested elements; pages have about 30
MOST_TAGS = 40_000  # opening and closing tags; pages have about 2,000


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The lines of an HTML page, and the metadata in its head.

    If the markup has a breadcrumb, it is the first line.
    """

    lines: list[TextLine]
    title: str = ""
    url: str = ""
    updated: str = ""
    description: str = ""


def saved_page(text: str, path: Path) -> SavedPage:
    """Parse the HTML `text`. Raises `SourceError` for too many tags, for elements nested too
    deeply, and for HTML that the parser rejects."""
    text = without_unclosed_tags(text)
    check_count(text.count("<"), MOST_TAGS, "tags", path)
    depth = 0
    for found in re.finditer(r"<(/?)(?:div|span|b|i|ul|ol|li|section|font|blockquote|em)\b", text):
        depth = max(0, depth + (-1 if found[1] else 1))
        if depth > MOST_DEEP:
            raise SourceError(path, text[: found.start()].count("\n") + 1, "is nested too deeply")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            soup = BeautifulSoup(text, "html.parser")
        except (ParserRejectedMarkup, RecursionError) as error:
            raise SourceError(path, None, "is not readable HTML") from error
    shown = {str(button["aria-controls"]) for button in soup.select("[aria-controls]")} - {""}
    lines = Walk(shown).read(soup)
    found_kinds = known_headings([line.text for line in lines])
    for root in soup.select("main, [role=main], article")[:20]:
        inside = Walk(shown).read(root)
        if found_kinds and known_headings([line.text for line in inside]) == found_kinds:
            lines = inside
            break
    crumbs = _breadcrumb(soup)
    heading = soup.find("h1")
    if heading and not any(line.level == 1 for line in lines):
        lines = [*Walk(shown).read(heading), *lines]
    return SavedPage(
        [TextLine(crumbs, None), *lines] if crumbs else lines,
        one_line(tidy(soup.title.get_text())) if soup.title else "",
        _attribute(soup, "link[rel=canonical]", "href") or _attribute(soup, '[property="og:url"]'),
        _attribute(soup, '[property="article:modified_time"]')[:10],
        one_line(tidy(_attribute(soup, "meta[name=description]"))),
    )


def without_unclosed_tags(text: str) -> str:
    """Remove comments, and escape unclosed tags at the end, which take quadratic time to parse."""

    def line_breaks(comment: re.Match[str]) -> str:
        return "\n" * comment[0].count("\n") if comment[0].endswith("-->") else comment[0]

    text = COMMENT.sub(line_breaks, text).replace("<!--", "")
    end = text.rfind(">") + 1
    return text[:end] + text[end:].replace("<", "&lt;")


def _attribute(soup: BeautifulSoup, selector: str, name: str = "content") -> str:
    tag = soup.select_one(selector)
    return str(tag.get(name) or "").strip() if tag else ""


def _breadcrumb(soup: BeautifulSoup) -> str:
    for tag in soup.find_all(["nav", "ol", "ul", "div", "p"], limit=3000):
        names = f"{tag.get('aria-label', '')} {tag.get('class', '')} {tag.get('id', '')}"
        if CRUMBS.search(names):
            steps = tag.find_all("li") or tag.find_all(["a", "span"], recursive=False)
            texts = [one_line(tidy(step.get_text(" "))).strip("›»>/→❯| ") for step in steps]
            texts = [step for step in texts if step]
            return " › ".join(texts) if len(texts) > 1 else one_line(tidy(tag.get_text(" ")))
    return ""
