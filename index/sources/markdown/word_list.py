"""Lists of words, written as one text."""

from __future__ import annotations


def words(text: str, between: str | None = None) -> frozenset[str]:
    """The words of `text`, which white space or `between` separates."""
    return frozenset(text.split(between))
