"""Build sets of words from strings."""


def words(text: str, between: str | None = None) -> frozenset[str]:
    """Split `text` into a set of words, at whitespace or at `between`."""
    return frozenset(text.split(between))
