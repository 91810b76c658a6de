"""Build sets of words from strings."""


def words(text: str, between: str | None = None) -> frozenset[str]:
    """Split `text` into a set of words, at white space or at `between`."""
    return frozenset(text.split(between))
