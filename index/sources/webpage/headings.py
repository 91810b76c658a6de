"""Recognize the headings of encyclopedia pages in their usual wordings."""

import re
from functools import lru_cache
from typing import Literal

from index.sources.webpage.boilerplate import heading_text

Kind = Literal[
    "head", "definition", "what", "how", "why", "example", "related", "faq", "references",
    "section", "dropped",
]  # fmt: skip

# Kinds whose words are a heading on any separate line, with or without markup.
PLAIN: frozenset[Kind] = frozenset(("definition", "related", "faq", "references", "dropped"))
# Kinds of parts that become sections of the entry.
PROSE: frozenset[Kind] = frozenset(("definition", "what", "how", "why", "section"))
_COUNTED = PLAIN - {"dropped"} | {"what", "how", "why", "example"}
LONGEST_HEADING = 100

_WORDINGS: dict[Kind, str] = {
    "definition": r"""
            (?:an?\ |the\ )?(?:\w{1,20}[ -]){0,2}definition(?:\ (?:of|and|&)\ .{1,50})?
        | [^.]{1,50}:\ ?definition | tl;?\ ?dr | in\ (?:short|brief|a\ nutshell|one\ sentence)""",
    "related": r"""
            (?:related|connected|associated|similar)\ (?:\w+\ )?
            (?:terms?|concepts?|topics?|entries|ideas|words)(?:\ .{1,40})?
        | see\ also | related""",
    "faq": r"""
            (?:.{0,40}[ (])?(?:frequently\ asked\ questions|faqs?)\)?(?:\ .{1,60})?
        | (?:(?:common|popular)\ )?questions(?:\ (?:about|on|and|&)\ .{1,60})?
        | q\ ?&\ ?a | people\ also\ ask""",
    "references": r"""
            (?:(?:list\ of|our|key|external|useful|further|recommended|additional)\ )?
            (?:references?|sources?|citations|bibliography|works\ cited|reading|links|resources)
            (?:\ (?:and|&)\ .{1,40})?""",
    "dropped": r"""
            (?:table\ of\ )?contents | (?:on|in)\ this\ (?:page|article|entry)
        | (?:about|meet)\ (?:the|our|this)\ (?:authors?|writers?|editors?)
        | (?:the\ )?(?:authors?|contributors?)(?:\ bio)?
        | you\ (?:might|may)\ also\ .{1,40} | more\ from\ .{1,40} | follow\ us | newsletter
        | (?:more|popular|trending|latest|other|all|browse(?:\ all)?|related)\ (?:\w+\ )?
          (?:terms|posts|articles|entries|news|courses|guides|pages)
        | keep\ (?:reading|exploring|learning) | leave\ a\ (?:comment|reply)""",
    "how": r"how\ (?:.{1,60}\ )?works?(?:\ (?:in|under|behind)\ .{1,30})?",
    "why": r"why\ (?:.{1,50}\ )?(?:matters?|important|care)(?:\ .{1,60})?",
    "what": r"what(?:\ (?:is|are|does)|['’]s)\ .{1,80} | what\ (?:it|they)\ (?:is|are|means?)",
    "example": r"""
            (?:an?\ |the\ )?(?:(?:real[- ]?(?:world|life)|practical|concrete|worked|simple|prompt)
            \ )*examples?(?:\ (?:of|in|from|for)\ .{1,50}|\ ?[:–—-]\ .{1,60})?""",
    "section": r"""
            (?:key|main)\ (?:takeaways|points|ideas|benefits|features|concepts|facts)
        | takeaways | summary | conclusion | overview | introduction | background
        | (?:common\ |typical\ )?(?:mistakes|pitfalls|misconceptions|challenges|limitations|risks
            |applications|uses|use\ cases)(?:\ (?:of|and|in|for|with)\ .{1,50})?
        | best\ practices(?:\ .{1,50})? | (?:types|benefits|history|origins?)(?:\ of\ .{1,50})?
        | when\ to\ use\ .{1,50} | how\ to\ .{1,60} | .{1,40}\ vs\.?\ .{1,40}""",
}
_KNOWN = {kind: re.compile(pattern, re.VERBOSE) for kind, pattern in _WORDINGS.items()}


@lru_cache(maxsize=4096)
def heading_kind(text: str) -> Kind | None:
    """Return the kind of a known heading, ignoring case, emoji and numbers, or None."""
    if len(text) > 2 * LONGEST_HEADING:
        return None
    words = heading_text(text)
    if not words or len(words) > LONGEST_HEADING or words.endswith((".", ",", ";", "!")):
        return None
    key = words.casefold().rstrip("? ")
    return next((kind for kind, pattern in _KNOWN.items() if pattern.fullmatch(key)), None)


def known_headings(lines: list[str]) -> set[Kind]:
    """Return the kinds of headings among `lines` that identify an encyclopedia page."""
    return {kind for line in lines if (kind := heading_kind(line)) in _COUNTED and kind}


def inline_heading(text: str) -> tuple[str, str] | None:
    """Split a line such as “Definition: …” into heading and text, or return None for other
    lines."""
    label, colon, rest = text.partition(": ")
    kind = heading_kind(label) if colon and rest.strip() and len(label) <= 40 else None
    named = "definition" in label.casefold() and len(rest) >= 40
    return (label, rest.strip()) if kind == "related" or (kind and named) else None


def is_sentence(text: str) -> bool:
    """Return whether a line is a sentence rather than a name, a label or a button."""
    return len(text) >= 40 and bool(re.search(r"[.!?…:][\"”’)\]]*$", text))
