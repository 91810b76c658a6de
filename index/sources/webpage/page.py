"""Read encyclopedia pages that were saved as text or HTML, one entry per page.

A page starts with a breadcrumb, the title and "Latest update". Then come headings such as
Definition, What Is …?, How Does It Work?, Why It Matters …, Real-World Example, Related Terms,
Frequently Asked Questions, References. The boilerplate of the website is removed.
"""

import re
from dataclasses import dataclass, field, replace

from index.entry import LONGEST_NAME, LONGEST_TEXT, MOST_NAMES, Entry, Section
from index.errors import SourceError
from index.names import name_key, unique_names
from index.sources.dates import as_date
from index.sources.files import Reading, Refusal, SourceFile, check_count, check_length
from index.sources.frontmatter import loose_front_matter
from index.sources.prose import sections
from index.sources.text_terms import GLOSSARY
from index.sources.webpage.fields import (
    cut_definition,
    paragraphs,
    questions_of,
    references_of,
    related_of,
)
from index.sources.webpage.header import aliases_of
from index.sources.webpage.headings import (
    PROSE,
    Kind,
    heading_kind,
    inline_heading,
    is_sentence,
    known_headings,
)
from index.sources.webpage.html import SavedPage, saved_page
from index.sources.webpage.lines import TextLine
from index.sources.webpage.plain_text import lines_of_text
from index.sources.webpage.sections import PageContent, content_of
from index.sources.webpage.title import Title, title_of
from index.text import is_web_address, one_line

FEWEST_HEADINGS = 3
LARGEST_TEXT_PAGE = 400_000  # characters; long pages have about 30,000
LARGEST_HTML_PAGE = 1_500_000  # characters
MOST_LINES = 10_000
MOST_SPACES = 100  # spaces in a row; trimming longer runs takes quadratic time
MOST_MARKS = 20_000  # markup characters; parsing takes more than linear time

_HTML = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+"
    r"<(?:!doctype|html|head|body|main|article|div|section)\b",
    re.IGNORECASE | re.DOTALL,
)

_TITLE = re.compile(r"<title[^<>]{0,200}>([^<>]{0,300})", re.IGNORECASE)
_LONG_GAP = re.compile(rf"(?<!\s)\s{{{MOST_SPACES},}}")


def is_html(text: str) -> bool:
    """Return whether a text begins like an HTML page."""
    return bool(_HTML.match(text[:5_000]))


def looks_like_encyclopedia_page(text: str) -> bool:
    """Return whether `text` has at least three of the headings that identify encyclopedia pages.

    For HTML, related terms and references are enough if the title does not say "glossary".
    """
    if len(text) > LARGEST_HTML_PAGE:
        return False
    fewest: set[Kind] = set()
    if is_html(text):
        title = _TITLE.search(text)
        listed = title and GLOSSARY.search(title[1])
        fewest = set() if listed else {"related", "references"}
        text = re.sub(r"<[^<>]{0,2000}>", "\n", text)
    rows = [row.strip(" \t#*_>•-") for row in text.split("\n")]
    rows += [cut[0] for row in rows if (cut := inline_heading(row))]
    headings = [row.strip("# ").casefold() for row in text.split("\n") if row.startswith("#")]
    if sum(heading_kind(heading) == "definition" for heading in headings) > 1:
        return False  # a glossary with such headings below each term
    found = known_headings(rows)
    return len(found) >= FEWEST_HEADINGS or bool(fewest and fewest <= found)


def read_encyclopedia_page(file: SourceFile) -> Reading:
    """Read the entry on a saved page; invalid lines and texts are skipped and reported.

    Raises `SourceError` for a page that is too large or has no title or definition.
    """
    page = _page(file)
    draft = _Draft(file)
    content = content_of(page.lines)
    title = title_of(content, page.title)
    if not title.term:
        raise SourceError(file.path, None, "has no title", _FORM)
    definition = draft.definition(content, page, title)
    if not definition:
        raise SourceError(file.path, None, "has no definition", _FORM)
    check_length(title.term, LONGEST_NAME, "the title", file.path)
    check_length(definition, LONGEST_TEXT, "the definition", file.path)
    entry = draft.entry(content, page, title, definition)
    return Reading((entry,), tuple(draft.refused))


_FORM = "A page has a title and headings such as Definition, How It Works, Related Terms."


def _page(file: SourceFile) -> SavedPage:
    text = _LONG_GAP.sub(lambda gap: gap[0][:MOST_SPACES], file.text)
    marked_up = file.path.suffix.casefold() in (".html", ".htm") or is_html(text)
    limit = LARGEST_HTML_PAGE if marked_up else LARGEST_TEXT_PAGE
    check_count(len(text), limit, "characters", file.path)
    if marked_up:
        return saved_page(text, file.path)
    check_count(text.count("\n"), MOST_LINES, "lines", file.path)
    check_count(sum(map(text.count, "[<`*_!")), MOST_MARKS, "markup characters", file.path)
    front, text, first = loose_front_matter(text, file.path)
    lines = [
        replace(line, number=line.number + first - 1 if line.number else None)
        for line in lines_of_text(text)
    ]
    return SavedPage(lines, one_line(str(front.get("term") or front.get("title") or "")))


@dataclass
class _Draft:
    file: SourceFile
    refused: list[Refusal] = field(default_factory=list)
    # Unused paragraphs, by the part's position; -1 is the lead.
    left: dict[int, list[str]] = field(default_factory=dict)

    def refuse(self, line: int | None, reason: str) -> None:
        """Record a part of the page that is left out; the entry itself is read."""
        self.refused.append(Refusal(str(self.file.path), line, reason, kind="shortened"))

    def definition(self, content: PageContent, page: SavedPage, title: Title) -> str:
        """Return the first sentences under "Definition", or else those of the lead or of a section,
        or else the description of the page. The rest is saved in `left`."""
        prose = [(at, part) for at, part in enumerate(content.parts) if part.kind in PROSE]
        self.left = {at: paragraphs(part.lines) for at, part in prose}
        own = [at for at, part in prose if part.kind == "definition" and self.left[at]]
        if own:
            for line in title.lead:
                self.refuse(line.number, "is above the first heading")
            found, self.left[own[0]] = cut_definition(self.left[own[0]])
            return found
        if title.lead:
            found, rest = cut_definition(paragraphs(title.lead))
            self.left[-1] = rest
            return found
        texts = sorted((part.kind != "what", at) for at, part in prose if self.left[at])
        for _, at in texts[:1]:
            found, self.left[at] = cut_definition(self.left[at])
            if is_sentence(found):
                return found
            self.left[at] = paragraphs(content.parts[at].lines)
        return page.description

    def entry(self, content: PageContent, page: SavedPage, title: Title, definition: str) -> Entry:
        texts, example = self._prose(content, title)
        related, problems = related_of(_lines(content, "related"))
        faq, more = questions_of(_lines(content, "faq"))
        references, others = references_of(_lines(content, "references"))
        for line, reason in (*problems, *more, *others):
            self.refuse(line, reason)
        updated = as_date(content.updated or page.updated, year_first=True)
        if content.updated and not updated:
            self.refuse(
                content.updated_at,
                f'the date "{one_line(content.updated)[:60]}" is ambiguous or not a date',
            )
        names = (*title.aliases, *content.aliases, *aliases_of(definition))
        aliases = unique_names(title.term, (name for name in names if len(name) <= LONGEST_NAME))
        return Entry(
            id="-".join(name_key(title.term).split()) or "entry",
            term=title.term,
            definition=definition,
            category=title.category[:LONGEST_NAME],
            aliases=aliases[:MOST_NAMES],
            updated=updated,
            sections=tuple(texts),
            example=example if self._fits(example, "the example") else "",
            related=tuple(
                item
                for item in related
                if self._fits(item.term, "a related term", LONGEST_NAME)
                and self._fits(item.why, "a reason")
            ),
            faq=tuple(
                item
                for item in faq
                if self._fits(item.question, "a question", 500)
                and self._fits(item.answer, "an answer")
            ),
            references=tuple(
                dict.fromkeys(item for item in references if self._fits(item.text, "a reference"))
            ),
            url=page.url if is_web_address(page.url) else None,
        )

    def _prose(self, content: PageContent, title: Title) -> tuple[list[Section], str]:
        example = ""
        found = list(sections(title.term, "\n\n".join(self.left.get(-1, ()))))
        for at, part in enumerate(content.parts):
            blocks = self.left.get(at, [])
            if part.kind == "example":
                blocks = paragraphs(part.lines)
                _, *subtitle = re.split(r"[:–—]\s+", part.heading, maxsplit=1)
                blocks = [*subtitle, *blocks] if blocks else []
                if not example:
                    example, blocks = "\n\n".join(blocks), []
            found += sections(part.heading, "\n\n".join(blocks))
        return found, example

    def _fits(self, text: str, what: str, limit: int = LONGEST_TEXT) -> bool:
        if len(text) > limit:
            self.refuse(None, f"{what} has {len(text):,} characters; {limit:,} are allowed")
        return len(text) <= limit


def _lines(content: PageContent, kind: Kind) -> list[TextLine]:
    return [line for part in content.parts if part.kind == kind for line in part.lines]
