"""Split long texts at sentence ends: into a definition and the rest, or into short sections."""

from collections.abc import Iterator

from index.entry import Section
from index.text import sentence_ends, shorten

LONGEST_SECTION = 1_500  # characters
DEFINITION = 300  # approximate length in characters
LONGEST_DEFINITION = 1_000  # characters; a longer first sentence is shortened


def split_definition(text: str) -> tuple[str, str]:
    """Split a text on one line into its first sentences (about 300 characters) and the rest.

    If the first sentence is longer than 1,000 characters, return the shortened text and the whole
    text.
    """
    if len(text) <= DEFINITION:
        return text, ""
    end = 0
    for at in sentence_ends(text):
        if not end or at <= DEFINITION + 1:  # 1 for the space after the sentence
            end = at
        if at > DEFINITION:
            break
    end = end or len(text)
    if end > LONGEST_DEFINITION:
        return shorten(text, DEFINITION), text
    return text[:end].strip(), text[end:].strip()


def sections(heading: str, text: str) -> Iterator[Section]:
    """Split `text` into sections of at most about 1,500 characters, all with the same heading."""
    held = ""
    for paragraph in text.split("\n\n"):
        for piece in _pieces(paragraph):
            if held and len(held) + len(piece) + 2 > LONGEST_SECTION:
                yield Section(heading, held)
                held = ""
            held = f"{held}\n\n{piece}" if held else piece
    if held:
        yield Section(heading, held)


def _pieces(paragraph: str) -> Iterator[str]:
    while len(paragraph) > LONGEST_SECTION:
        head = paragraph[:LONGEST_SECTION]
        ends = list(sentence_ends(head))
        cut = head.rfind("\n") + 1 or (ends[-1] if ends else head.rfind(" ") + 1)
        yield paragraph[: cut or LONGEST_SECTION].strip()
        paragraph = paragraph[cut or LONGEST_SECTION :].strip()
    if paragraph.strip():
        yield paragraph.strip()
