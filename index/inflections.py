"""Singular and plural forms of English names."""

from collections.abc import Iterator


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
