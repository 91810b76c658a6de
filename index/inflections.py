"""Other forms in which people write a name."""

import re
from collections.abc import Iterator

_BRACKET_AT_END = re.compile(r"\s?\([^()]{1,60}\)$")


def without_bracket(name: str) -> str:
    """Return "Limited liability company" for "Limited liability company (LLC)"."""
    return _BRACKET_AT_END.sub("", name.rstrip())


def singulars(key: str) -> Iterator[str]:
    """Yield the possible singulars of a plural or genitive, the likeliest first."""
    if key.endswith("'s"):
        yield key[:-2]
    if len(key) < 4 or not key.endswith("s") or key.endswith("ss"):
        return
    if key.endswith("ies"):
        yield key[:-3] + "y"
    yield key[:-1]
    if key.endswith(("ches", "shes", "sses", "xes", "ses")):
        yield key[:-2]


def plurals(key: str) -> Iterator[str]:
    """Yield the possible plurals of a singular, the likeliest first. Short words and abbreviations
    have none: "ha" is not HAS."""
    if len(key) < 4 or key.endswith("s"):
        return
    yield f"{key}s"
    if key.endswith("y"):
        yield f"{key[:-1]}ies"
    if key.endswith(("ch", "sh", "x", "z")):
        yield f"{key}es"
