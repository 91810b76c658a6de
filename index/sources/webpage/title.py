"""Find the term, other names and category of an entry in the head of a saved page."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.names import name_key
from index.sources.webpage.boilerplate import bare
from index.sources.webpage.header import (
    asked_term,
    category_label,
    category_of,
    is_generic,
    keys_of,
    split_step,
    split_title,
    trail,
)
from index.sources.webpage.headings import is_sentence
from index.sources.webpage.lines import TextLine
from index.sources.webpage.sections import PageContent

LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True)
class Title:
    """The term, aliases and category of an entry; `lead` is the text before the first heading."""

    term: str
    aliases: tuple[str, ...] = ()
    category: str = ""
    lead: tuple[TextLine, ...] = ()


def title_of(content: PageContent, page_title: str) -> Title:
    """Find the title of a page; `page_title`, from the file's metadata, is the fallback."""
    head = content.parts[0].lines
    asked = _asked(content)
    steps: list[str] = []
    category = glued = ""
    rest: list[TextLine] = []
    named = {name_key(asked), *(name_key(bare(line.text)) for line in head if line.level == 1)}
    for line in head:
        found = trail(line.text)
        if found and (not steps or name_key(split_step(found[-1], asked)[0]) in named):
            last, glued = split_step(found[-1], asked)
            steps = [*found[:-1], last]
        elif labelled := category_label(line.text):
            category = category or labelled
        else:
            rest.append(line)
    chosen = glued or _chosen(rest, steps[-1] if steps else "", asked, page_title)
    term, aliases = split_title(chosen)
    lead = [line for line in rest if is_sentence(line.text) and line.text != chosen]
    category = category_of(steps[:-1]) or category
    if content.back and is_generic(category):
        category = content.back
    return Title(term, aliases, category, tuple(lead))


def _asked(content: PageContent) -> str:
    """Return the term in the headings “What Is …?” and “How … Works”, or ""."""
    parts = sorted((p for p in content.parts if p.kind in ("what", "how")), key=lambda p: p.kind)
    terms = (asked_term(part.heading) for part in reversed(parts))
    return next((split_title(term)[0] for term in terms if term), "")


def _chosen(lines: Sequence[TextLine], step: str, asked: str, page_title: str) -> str:
    """Return the title: a line that matches the breadcrumb or a heading, else the first heading
    with markup, else the breadcrumb step or another fallback."""
    short = [
        bare(line.text)
        for line in lines
        if len(line.text) <= LONGEST_TITLE and not is_sentence(line.text)
    ]
    firsts = [bare(line.text) for line in lines if line.level == 1]
    wanted = {name_key(name) for name in (step, asked) if name}
    for text in (*firsts, *short):
        if wanted & keys_of(text):
            return text
    fallbacks = (*firsts[:1], step, asked, split_title(page_title)[0], *short[:1])
    return next(filter(None, fallbacks), "")
