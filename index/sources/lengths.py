"""Report entries that are far longer than the others of their file."""

from collections.abc import Iterator, Sequence
from statistics import median

from index.entry import Entry
from index.text import shorten

FEWEST = 5  # entries of a file that has a usual length
MOST_TIMES = 100
MANY_TIMES = 20  # for an entry of more than `LONG` characters
LONG = 3_000
PAGE_CAUSE = "the page changes its way of marking terms here"
TABLE_CAUSE = "a quote or a separator is missing here"


def far_longer(numbered: Sequence[tuple[int, Entry]], cause: str) -> Iterator[tuple[int, str]]:
    """Yield the line and a warning for each entry that is 100 times as long as the median of its
    file, or 20 times and more than 3,000 characters. `cause` is the likely cause."""
    lengths = [_length(entry) for _, entry in numbered]
    if len(lengths) < FEWEST:
        return
    usual = max(1, median(lengths))
    for (line, entry), length in zip(numbered, lengths, strict=True):
        times = length / usual
        if times >= MOST_TIMES or (times > MANY_TIMES and length > LONG):
            name = shorten(entry.term, 40)
            size = f"{times:,.0f} times as long as the median of its file"
            yield line, f'"{name}" is read, but it is {size}: probably {cause}'


def _length(entry: Entry) -> int:
    """Return the number of characters that come from the text of an entry."""
    senses = sum(len(sense.definition) for sense in entry.senses[1:])
    sections = sum(len(section.text) for section in entry.sections)
    return len(entry.definition) + senses + sections + len(entry.example)
