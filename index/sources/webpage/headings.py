"""Recognize the headings of encyclopedia pages in their usual wordings."""

import re
from functools import lru_cache
from typing import Literal

from index.sources.webpage.boilerplate import heading_text

Kind = Literal[
    "head", "definition", "what", "how", "why", "example", "related", "faq", "references",
    "section", "author", "contents", "end",
]  # fmt: skip

# Kinds whose words are a heading on any separate line, with or without markup.
PLAIN: frozenset[Kind] = frozenset(
    ("definition", "related", "faq", "references", "author", "contents", "end")
)
# Kinds of parts that become sections of the entry.
PROSE: frozenset[Kind] = frozenset(("definition", "what", "how", "why", "section"))
_COUNTED = PLAIN - {"author", "contents", "end"} | {"what", "how", "why", "example"}
LONGEST_HEADING = 100

_KNOWN: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    # mypy widens the literals of `kind` to str.
    (kind, re.compile(pattern, re.VERBOSE))  # type: ignore[misc]
    for kind, pattern in (
        ("contents", r"(?:table\ of\ )?contents|on\ this\ page|in\ this\ (?:article|entry|page)"),
        ("definition", r"""
            (?:an?\ |the\ )?
            (?:(?:short|quick|simple|brief|basic|formal|plain(?:[ -](?:language|english))?)\ )?
            definition(?:\ (?:of|and|&)\ .{1,50})?
          | [^.]{1,50}[ :]\ ?definition
          | tl;?\ ?dr | in\ (?:short|brief|a\ nutshell|one\ sentence)"""),
        ("related", r"""
            (?:related|connected|associated|similar|neighbou?ring)\ (?:encyclop(?:a)?edia\ )?
            (?:terms?|concepts?|topics?|entries|ideas|words)
            (?:\ (?:and|&|to|for|you|worth)\ .{1,40})?
          | see\ also | related"""),
        ("faq", r"""
            (?:.{0,40}[ :(])?(?:frequently\ asked\ questions?|faqs?|f\.a\.q\.?s?)\)?
            (?:\ (?:about|on|for)\ .{1,60}|\ ?\(faqs?\))?
          | (?:common|popular)\ questions?(?:\ (?:about|on)\ .{1,60})?
          | questions?\ (?:and|&)\ answers? | q\ ?&\ ?a | people\ also\ ask | questions"""),
        ("references", r"""
            (?:(?:list\ of|our|key)\ )?(?:references?|sources?|citations?|bibliography|works\ cited)
            (?:\ (?:used|cited))?
            (?:\ (?:and|&)\ (?:further\ reading|sources?|references?|notes|links))?
          | (?:further|recommended|additional|suggested)\ (?:reading|resources|links|sources)
          | (?:external\ |useful\ )?links | resources | (?:go|dig)\ deeper"""),
        ("author", r"""
            about\ (?:the\ |our\ |this\ )?(?:authors?|writers?|editors?|contributors?)
          | (?:the\ )?(?:authors?|contributors?)(?:\ bio)? | meet\ the\ (?:authors?|writers?)
          | (?:written|reviewed|edited)\ by"""),
        ("end", r"""
            you\ (?:might|may)\ also\ (?:like|enjoy|be\ interested\ in) | more\ from\ .{1,40}
          | (?:more|popular|trending|latest|recent|other|featured|all|browse(?:\ all)?)
            \ (?:\w+\ )?(?:terms|posts|articles|entries|news|courses|topics|guides)
          | related\ (?:articles?|posts?|courses|products|guides|reading|pages) | follow\ us
          | keep\ (?:reading|exploring|learning)(?:\ .{1,40})? | leave\ a\ (?:comment|reply)
          | newsletter | stay\ (?:updated|in\ touch|up\ to\ date)|subscribe(?:\ .{1,40})?"""),
        ("how", r"""
            how\ (?:(?:does|do|it|they)\ )?(?:.{0,60}\ )?works?
            (?:\ (?:in|under|step|behind)\ .{1,30})?"""),
        ("why", r"""
            why\ (?:.{1,50}\ )?(?:matters?|(?:is|are)\ .{0,30}important|important|care)
            (?:\ .{1,60})?
          | (?:the\ )?importance\ of\ .{1,60}"""),
        ("what", r"""
            what\ (?:is|are|does)\ .{1,80} | what['’]s\ .{1,80}
          | what\ (?:it|they)\ (?:is|are|means?)"""),
        ("example", r"""
            (?:an?\ |the\ |one\ )?(?:(?:real[- ]?(?:world|life)|practical|concrete|worked|everyday|
            simple|quick|short|use[- ]case|prompt|illustrative)\ )*examples?
            (?:\ (?:of|in|from|for|with|use)\ .{1,50}|\ ?[:–—-]\ .{1,60})?"""),
        ("section", r"""
            (?:key|main|the)
            \ (?:takeaways?|points?|ideas?|benefits|features|concepts|components|facts)
          | (?:at\ a\ glance|quick\ facts|takeaways?|summary|conclusion)
          | (?:overview|introduction|background)
          | (?:common\ |typical\ )?(?:mistakes|pitfalls|misconceptions|myths|challenges|
            limitations|risks|applications|uses|use\ cases)
            (?:\ (?:of|to|and|in|for|with|when)\ .{1,50})?
          | best\ practices(?:\ .{1,50})? | (?:practical\ |quick\ |prompting\ )?tips(?:\ .{1,50})?
          | (?:types|kinds|benefits|advantages|history|origins?|evolution)(?:\ (?:of|and)\ .{1,50})?
          | pros\ and\ cons | when\ to\ use\ .{1,50} | how\ to\ .{1,60} | in\ practice
          | .{1,40}\ vs\.?\ .{1,40}"""),
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def heading_kind(text: str) -> Kind | None:
    """Return the kind of a known heading, ignoring case, emoji and numbers, or None."""
    if len(text) > 2 * LONGEST_HEADING:
        return None
    words = heading_text(text)
    if not words or len(words) > LONGEST_HEADING or (words.endswith((".", ",", ";", "!"))):
        return None
    key = words.casefold().rstrip("? ")
    return next((kind for kind, pattern in _KNOWN if pattern.fullmatch(key)), None)


def known_headings(lines: list[str]) -> set[Kind]:
    """Return the kinds of headings among `lines` that identify an encyclopedia page."""
    found = {heading_kind(line) for line in lines if len(line) <= 2 * LONGEST_HEADING}
    return {kind for kind in found if kind in _COUNTED}


def inline_heading(text: str) -> tuple[str, str] | None:
    """Split a line such as “Definition: …” into heading and text, or return None for other
    lines."""
    label, colon, rest = text.partition(": ")
    if colon and rest.strip() and len(label) <= 40:
        kind = heading_kind(label)
        named = "definition" in label.casefold() and len(rest) >= 40
        if kind == "related" or (kind == "definition" and named):
            return label, rest.strip()
    return None


def is_sentence(text: str) -> bool:
    """Return whether a line is a sentence rather than a name, a label or a button."""
    return len(text) >= 40 and bool(re.search(r"[.!?…:][\"”’)\]]*$", text))
