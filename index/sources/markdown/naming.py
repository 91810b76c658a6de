"""Find the term, its other names and its definition in texts as people write them.

All formats share these rules. `markdown.term_names` has those for acronyms in brackets and "also
known as".
"""

import re
from collections.abc import Sequence

from index.entry import LONGEST_NAME
from index.names import name_key
from index.sources.markdown.term_names import (
    acronym_in,
    is_acronym,
    names_in,
    points_to,
    split_also,
    split_name,
    trimmed,
    without_label,
)

_CLASSES = (
    r"(?:(?:proper|common|plural|compound|countable|uncountable)\s+)?(?:noun|verb|adjective|adverb|"
    r"phrase|abbreviation|acronym|initialism|n|v|vb|adj|adv|abbr|pl)\.?(?:\s*,\s*(?:informal|formal|"
    r"plural|countable|uncountable))?"
)
_CLASS_AFTER = re.compile(rf"[(\[]\s*{_CLASSES}\s*[)\]]\s*:?$", re.IGNORECASE)
_CLASS_BEFORE = re.compile(
    rf"^(?:[(\[]\s*{_CLASSES}\s*[)\]]\s*[:.,–—-]?|(?:noun|verb|adjective|adverb)\s*:)\s+",
    re.IGNORECASE,
)
_LANGUAGES = r"(?:NL|DE|FR|ES|IT|PT|EN|PL|SV|DA|NO|FI|CS|HU|RO|RU|JA|ZH|KO|TR|EL|UK|AR)"
_TRANSLATED = rf"[(\[]\s*{_LANGUAGES}\s*:\s*([^()\[\]]{{1,120}})[)\]]"
_TRANSLATED_AFTER = re.compile(rf"{_TRANSLATED}\s*:?$")
_TRANSLATED_BEFORE = re.compile(rf"^{_TRANSLATED}\s*[:.,–—-]?\s+")
_ASKED = re.compile(
    r"^what(?:\s+(?:is|are|does)|['’]s)\s+(?:meant\s+by\s+)?(?:an?\s+|the\s+)?(?P<name>.{1,100}?)"
    r"(?:\s+(?:mean|stand\s+for))?\s*\?$",
    re.IGNORECASE,
)
_NO_NAMES = frozenset({"it", "this", "that", "they", "these", "those", "new", "next"})
_MOST_ASKED = 6  # words of a name in a question
_SLASH = re.compile(r"\s{0,4}/\s{0,4}")
_SHORTEST_HALF = 4  # letters of each name in "A/B" without spaces
_BOLD = re.compile(r"^(?:\*\*|__)|(?:\*\*|__)$")
_LEADING = re.compile(r"^[:=–—-]\s+")
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“"}


def term_of(raw: str) -> tuple[str, tuple[str, ...]]:
    """Split a name as written into the term and its other names.

    "Berth (noun)" gives no other name, "LLM (large language model)" gives one, "Review / Recap"
    two, and "What is a berth?" is "Berth". Part of a word, such as "micro" of
    "(micro)services", is no name.
    """
    name = without_stray_marks(raw)
    if found := _CLASS_AFTER.search(name):
        name = name[: found.start()].strip() or name
    translated: tuple[str, ...] = ()
    if found := _TRANSLATED_AFTER.search(name):
        translated = names_in(found[1])
        name = name[: found.start()].strip() or name
    term, aliases = split_name(_asked(name))
    term, others = _halves(term)
    short = (alias for alias in aliases if not is_fragment(alias, term))
    return term, (*short, *others, *translated)


def definition_of(text: str, term: str) -> tuple[str, tuple[str, ...]]:
    """Return a definition without labels and stray marks, and the other names at its start."""
    text = _LEADING.sub("", without_stray_marks(text))
    text = _CLASS_BEFORE.sub("", text)
    translated: tuple[str, ...] = ()
    if found := _TRANSLATED_BEFORE.match(text):
        translated, text = names_in(found[1]), text[found.end() :]
    also, text = split_also(without_label(text))
    short = (alias for alias in acronym_in(text, term) if not is_fragment(alias, term))
    return text, (*also, *translated, *short)


def is_fragment(name: str, term: str) -> bool:
    """Return whether a name is only the beginning or the end of a word of the term, in small
    letters."""
    key = name_key(name)
    words = name_key(term).split()
    return (
        name.islower()
        and " " not in key
        and any(word != key and (word.startswith(key) or word.endswith(key)) for word in words)
    )


def named_in(definition: str) -> str:
    """Return the name that a definition consists of: "X", or "See X"; "" if it is too long."""
    text = definition.strip()
    if len(text) > LONGEST_NAME + 20 or "\n" in text:
        return ""
    return points_to(text) or trimmed(text).rstrip(".")


def pointing(names: Sequence[Sequence[str]], texts: Sequence[str]) -> dict[int, int]:
    """Map the entries whose text is only the name of another entry to that entry.

    `names` has the term and the other names of each entry. `texts` has the text of each, or "" if
    it has more than one.
    """
    by_key: dict[str, int] = {}
    for at, of in enumerate(names):
        by_key.setdefault(name_key(of[0]), at)
    for at, of in enumerate(names):
        for name in of[1:]:
            by_key.setdefault(name_key(name), at)
    targets: dict[int, int] = {}
    for at, text in enumerate(texts):
        if name := named_in(text):
            to = by_key.get(name_key(name), by_key.get(name_key(term_of(name)[0]), at))
            if to != at:
                targets[at] = to
    resolved: dict[int, int] = {}
    for at, target in targets.items():
        passed, to = {at}, target
        while to in targets and to not in passed:
            passed.add(to)
            to = targets[to]
        if to not in passed:
            resolved[at] = to
    return resolved


def without_stray_marks(text: str) -> str:
    """Remove bold marks and quotes at the ends of a text that have no counterpart, or that
    enclose all of it."""
    text = text.strip()
    while (plainer := _BOLD.sub("", text).strip()) != text:
        text = plainer
    for opening, closing in _QUOTES.items():
        count = text.count(opening) + (text.count(closing) if closing != opening else 0)
        starts, ends = text.startswith(opening), text.endswith(closing)
        if len(text) > 2 and starts and ends and count == 2:
            text = text[1:-1].strip()
        elif count == 1 and starts:
            text = text[1:].strip()
        elif count == 1 and ends:
            text = text[:-1].strip()
    return text


def _asked(name: str) -> str:
    found = _ASKED.match(name)
    asked = trimmed(found["name"]) if found else ""
    words = asked.casefold().split()
    if not words or words[0] in _NO_NAMES or len(words) > _MOST_ASKED or "and" in words[2:]:
        return name
    return asked if any(map(str.isupper, asked)) else asked[0].upper() + asked[1:]


def _halves(term: str) -> tuple[str, tuple[str, ...]]:
    """Return the term and the other names of "A / B" and "A/B"."""
    parts = _SLASH.split(term)
    if len(parts) != 2 or not all(sum(map(str.isalpha, part)) > 1 for part in parts):
        return term, ()
    one, other = parts
    if is_acronym(one, other) or is_acronym(other, one):
        return one, (other,)
    words = [len(part.split()) for part in parts]
    if " / " in term and words[0] == words[1]:  # else a word may belong to both: "Low / high tide"
        return term, (one, other)
    whole = words == [1, 1] and all(part[:1].isupper() for part in parts)
    long = all(sum(map(str.isalpha, part)) >= _SHORTEST_HALF for part in parts)
    return (term, (one, other)) if whole and long and not term.isupper() else (term, ())
