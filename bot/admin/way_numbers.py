"""Numbers of proposed ways, as text: "all", or numbers and ranges such as "1,3-5"."""

import re
from collections.abc import Iterable

Span = tuple[int, int]
"""The first and the last number of a range of ways."""
ALL: Span = (1, 2**62)
FORM = 'write "all", or numbers such as 1,3-5.'
_SPAN = re.compile("([0-9]{1,15})(?: ?- ?([0-9]{1,15}))?")


def spans_in(text: str) -> list[Span] | None:
    """Parse numbers and ranges; return None for another text."""
    if text.strip().casefold() == "all":
        return [ALL]
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None or int(found[1]) > int(found[2] or found[1]):
            return None
        spans.append((int(found[1]), int(found[2] or found[1])))
    return spans


def text_of_spans(spans: Iterable[Span]) -> str:
    """Return the text that `spans_in` parses into `spans`."""
    shown = ("all" if span == ALL else "-".join(map(str, dict.fromkeys(span))) for span in spans)
    return ",".join(shown)


def is_within(number: int, spans: Iterable[Span]) -> bool:
    return any(first <= number <= last for first, last in spans)
