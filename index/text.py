"""Text from outside, made safe to keep, to compare and to show."""

from __future__ import annotations

import re
import unicodedata

# Zero-width joiner and variation selectors hold emoji together; other format characters
# (bidirectional overrides, zero-width spaces, tags) only hide or reorder text.
_KEPT_FORMAT = {"\u200d", "\u200c"}
# What is stripped from the ends of a text: white space, and joiners with nothing to join.
_ENDS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
_ENDS += "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000" + "\u200c\u200d"
_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_WORD = re.compile(r"[^\W_]+(?:['’+#&/.-][^\W_]+)*(?:\+\+|#)?")


def clean(text: str) -> str:
    """`text` without what nobody can see or what a terminal would obey.

    Control characters (NUL, escape, …), lone surrogates, bidirectional and zero-width format
    characters go; every kind of line break becomes a newline; the ends are stripped. Idempotent.
    """
    # Nearly every text; the rest takes ten times as long.
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text.strip(_ENDS)
    text = _LINE_BREAKS.sub("\n", text)
    kept = (
        " " if character == "\t" else character
        for character in text
        if character in "\n\t"
        or character in _KEPT_FORMAT
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn")
    )
    return "".join(kept).strip(_ENDS)


def one_line(text: str) -> str:
    """`text` cleaned, with every run of white space as one space."""
    return " ".join(clean(text).split())


def words_in(text: str) -> list[re.Match[str]]:
    """The words of a text as they are written, with signs inside them ("C++", "text-to-image"),
    and where in its one line they stand."""
    return list(_WORD.finditer(one_line(text)))


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters (1 and up), cut after a whole word, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at = cut.rfind(" ")
    if at > limit // 2:
        cut = cut[:at]
    return cut.rstrip(" ,;:.-") + "…"
