"""Find the term and the aliases of an entry in a text."""

import re
from collections.abc import Iterable

from index.entry import LONGEST_NAME, LONGEST_PHRASE, MOST_PHRASES
from index.names import name_key
from index.text import one_line

_BRACKETED = re.compile(r"^(?P<name>.*\S)\s*[(\[](?P<other>[^()\[\]]{1,120})[)\]]$")
_NUMBER = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3})*[.)]|#\d{1,4})\s+")
_WORDS = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"[^\W_]")
_MINOR = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)
_ALSO = (
    r"(?:also\s+(?:known\s+as|called|referred\s+to\s+as|written(?:\s+as)?)|a\.?k\.?a\.?|"
    r"sometimes\s+called|abbreviated(?:\s+(?:as|to))?|abbr\.|synonyms?\s*:|aliases\s*:|"
    r"alias\s*:)\s*:?\s+"
)
_ALSO_BRACKETED = re.compile(rf"^\(\s*{_ALSO}([^()]{{1,200}})\)[\s.,:;–—-]*", re.IGNORECASE)
_ALSO_INSIDE = re.compile(rf"{_ALSO}(.+)", re.IGNORECASE)
_ALSO_PLAIN = re.compile(rf"^{_ALSO}([^.;:()–—]{{1,200}}?)[,.;:–—]\s+", re.IGNORECASE)
_BEGINS = re.compile(r"^([^()]{1,120}?)\s*\(([^()\s]{2,15})\)(?![\w-])")
_ALIAS_LINE = re.compile(
    r"^(?:also\s+known\s+as|also\s+called|a\.?k\.?a\.?|synonyms?|alias(?:es)?|abbreviations?|"
    r"acronyms?|other\s+names?)\s*:\s*(.{1,200})$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:short\s+)?(?:definition|meaning|description|summary)\s*[:–—]\s*", re.I)
_LIST = re.compile(r"(?:,\s*or\s|,\s*and\s|,|;|/(?=\s)|\sor\s|\sand\s)\s*")
_ARTICLE = re.compile(r"^(?:(?:as|simply|just|or|and|the|an?)\s+)+(?=\S)")
_BETWEEN_PHRASES = re.compile(r"[;|\n]")
_POINTS = re.compile(
    r"^(?:see(?:\s+also)?(?:\s+under)?|same\s+as|synonym\s+(?:of|for)|→|⇒|cf\.?)\s*:?\s*"
    r"[\"“]?(?P<name>[^\"“”.]{1,120}?)[\"”]?\.?$",
    re.IGNORECASE,
)


def is_acronym(short: str, long: str) -> bool:
    """Return whether `short` can be an acronym of `long`.

    Either the letters of `short` are the initials of the words of `long`. Or `short` is one word,
    its letters occur in `long` in order, and two of these are true: it starts with the same letter
    as `long`, it is at least half in capitals, `long` has several words.
    """
    letters = "".join(_INITIALS.findall(short)).casefold()
    words = [word.casefold() for word in _WORDS.findall(long)]
    if not words or not 2 <= len(letters) <= 15 or len(letters) >= len("".join(words)):
        return False
    major = "".join(word[0] for word in words if word not in _MINOR)
    every = "".join(word[0] for word in words)
    if letters.removesuffix("s") in (major, every) or letters in (major, every):
        return True
    capitals = sum(character.isupper() or character.isdigit() for character in short)
    rest = iter("".join(words))
    in_order = all(letter in rest for letter in letters.removesuffix("s") if letter.isalpha())
    begins = letters[0] == words[0][0]
    if " " in short.strip() or not in_order:
        return False
    if capitals * 2 < len(letters):
        return begins and len(words) > 1
    return begins or len(words) > 1


def split_name(raw: str) -> tuple[str, tuple[str, ...]]:
    """Split a name into the term and its aliases.

    "Large language model (LLM):" gives the term and its acronym, "RBAC (Role-Based Access
    Control)" the acronym and its expansion.
    """
    name = _NUMBER.sub("", trimmed(raw)) or trimmed(raw)
    found = _BRACKETED.match(name)
    if not found:
        return name, ()
    outer, inner = trimmed(found["name"]), trimmed(found["other"])
    also = _ALSO_INSIDE.match(inner)
    if also:
        return outer, names_in(also[1])
    if inner.casefold() == "disambiguation":
        return name, (outer,)
    parts = [trimmed(part) for part in re.split(r"[,;]|\sor\s", inner) if trimmed(part)]
    if (
        outer
        and parts
        and all(is_acronym(part, outer) or is_acronym(outer, part) for part in parts)
    ):
        return outer, tuple(parts)
    return name, ()


def split_also(text: str) -> tuple[tuple[str, ...], str]:
    """Split a definition into the aliases at its start ("Also known as X. …") and the rest."""
    for pattern in (_ALSO_BRACKETED, _ALSO_PLAIN):
        if (found := pattern.match(text)) and text[found.end() :].strip():
            rest = text[found.end() :].strip()
            return names_in(found[1]), rest[0].upper() + rest[1:]
    return (), text


def acronym_in(text: str, term: str) -> tuple[str, ...]:
    """Return the acronym in brackets after the term at the start of a text."""
    found = _BEGINS.match(text)
    if not found or f" {name_key(term)} " not in f" {name_key(found[1])} ":
        return ()
    short = trimmed(found[2])
    return (short,) if is_acronym(short, term) else ()


def alias_line(text: str) -> tuple[str, ...]:
    """Return the names on a line such as "Also known as: X, Y", or () for any other line."""
    found = _ALIAS_LINE.match(text)
    return names_in(found[1].rstrip(".")) if found else ()


def without_label(text: str) -> str:
    """Remove a leading label such as "Definition:"."""
    return _LABEL.sub("", text)


def names_in(listed: str) -> tuple[str, ...]:
    """Return the names in a list such as "A, B or C"."""
    names = (_ARTICLE.sub("", trimmed(name)) for name in _LIST.split(listed))
    return tuple(name for name in names if name and len(name) <= LONGEST_NAME)


def split_phrases(listed: str) -> list[str]:
    """Split a text into search phrases at `;`, `|` and line breaks."""
    return _BETWEEN_PHRASES.split(listed)


def search_phrases_in(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the search phrases in `texts`, and the reasons for those that are skipped."""
    phrases: dict[str, str] = {}
    left_out: list[str] = []
    for phrase in map(one_line, texts):
        if len(phrase) > LONGEST_PHRASE:
            left_out.append(f"a search phrase of {len(phrase):,} characters is skipped")
        elif key := name_key(phrase):
            phrases.setdefault(key, phrase)
    if len(phrases) > MOST_PHRASES:
        left_out.append(f"has {len(phrases):,} search phrases; the first {MOST_PHRASES} are used")
    return tuple(phrases.values())[:MOST_PHRASES], tuple(left_out)


def points_to(text: str) -> str:
    """Return the term that a definition such as "See Overfitting." refers to, or ""."""
    found = _POINTS.match(text.strip())
    return trimmed(found["name"]) if found else ""


def trimmed(name: str) -> str:
    """Remove the dashes, colons and quotes around a name."""
    name = one_line(name).lstrip(" :;–—=-").rstrip(" :;,–—=-")
    if len(name) > 2 and name[0] + name[-1] in ('""', "“”", "«»", "''", "‘’"):
        name = name[1:-1].strip()
    return name
