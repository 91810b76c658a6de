"""Sentences of an entry that answer a question, unchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder, embed_documents
from index.entry import Entry
from index.names import name_key

LONGEST = 750  # characters of an extract; a passage that the model reads whole is seldom longer
RUNNING = 1_200  # characters of a definition that goes on, told whole
WINDOW = 3  # sentences of an extract of a long passage
LONGER = 0.02  # of cosine; what a further sentence of context is worth

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|\n\s*\n")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|Dr|Mr|Mrs|Ms|St|No|approx)|\b[A-Z])\.$")
# A sentence that begins so is understood only after the one before it.
_LEANS_BACK = re.compile(
    r"(?:it|its|this|that|these|those|they|their|he|she|his|her|both|such|then|but|and|so|"
    r"afterwards|instead|the (?:first|second|other|same|latter|former))\b",
    re.IGNORECASE,
)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, each as it stands there, with the signs after it."""
    sentences: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        cut = end.start() + len(end.group().rstrip())
        if not _ABBREVIATED.search(text[start : end.start()]):
            sentences.append(text[start:cut].strip())
            start = end.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def beginning(text: str, limit: int = LONGEST) -> str:
    """The first sentences of `text`, at most `limit` characters: the first one in any case."""
    end = 0
    for sentence in sentences_of(text):
        after = text.index(sentence, end) + len(sentence)
        if end and after > limit:
            break
        end = after
    return text[:end]


def extract(embedder: Embedder, point: NDArray[np.float32], term: str, text: str) -> str:
    """The one to `WINDOW` consecutive sentences of `text`, which is about `term`, that lie nearest
    to `point` (`float32[d]`); the whole text where that is no longer than `LONGEST` characters."""
    sentences = sentences_of(text)
    if len(text) <= LONGEST or len(sentences) == 1:
        return text
    vectors = embed_documents(embedder, [f"{term}: {sentence}" for sentence in sentences])
    start, end = _best_window(sentences, vectors, point)
    first = text.index(sentences[start])
    last = text.index(sentences[end - 1], first) + len(sentences[end - 1])
    return text[first:last]


def nearest_sentence(
    embedder: Embedder, point: NDArray[np.float32], sentences: Sequence[str]
) -> str:
    """The one of `sentences` that lies nearest to `point` (`float32[d]`)."""
    return sentences[int((embed_documents(embedder, sentences) @ point).argmax())]


def _best_window(
    sentences: Sequence[str], vectors: NDArray[np.float32], point: NDArray[np.float32]
) -> tuple[int, int]:
    """Where the best window of sentences begins and ends."""
    best, chosen = -np.inf, (0, 1)
    for start in range(len(sentences)):
        if start and _LEANS_BACK.match(sentences[start]):
            continue
        for end in range(start + 1, min(len(sentences), start + WINDOW) + 1):
            if end - start > 1 and sum(map(len, sentences[start:end])) > LONGEST:
                break
            middle = vectors[start:end].sum(axis=0)
            score = float(middle @ point) / float(np.linalg.norm(middle)) + LONGER * (end - start)
            if score > best:
                best, chosen = score, (start, end)
    return chosen


def definition_of(entry: Entry) -> str:
    """The definition behind the term; every meaning, numbered, where there are several."""
    if len(entry.senses) < 2:
        return behind_term(entry, entry.definition)
    lines = [f"{entry.term} has {len(entry.senses)} meanings:"]
    for number, sense in enumerate(entry.senses, start=1):
        context = f" ({sense.context})" if sense.context else ""
        lines.append(f"{number}. {sense.definition}{context}")
    return "\n".join(lines)


def behind_term(entry: Entry, text: str) -> str:
    """A definition behind the term, unless it begins with that."""
    begins = name_key(text).startswith(name_key(entry.term))
    return text if begins else f"{entry.term}: {text}"


def running_text(entry: Entry, nearest: str) -> str:
    """The definition and the text that goes on from it, under the term itself and no heading of its
    own; of more than `RUNNING` characters, only the part of it that is `nearest`."""
    term = name_key(entry.term)
    rest = [part.text for part in entry.sections if name_key(part.heading) == term]
    if len(entry.definition) + sum(map(len, rest)) > RUNNING:
        rest = [text for text in rest if text == nearest]
    return " ".join((entry.definition, *rest))


def spelt_out(entry: Entry, written: str) -> str:
    """What the abbreviation `written` stands for, by the names of its entry; empty where it is no
    abbreviation or the entry does not spell it out."""
    names = (entry.term, *entry.aliases)
    key = name_key(written)
    short = next((name for name in names if name_key(name) == key), written)
    if sum(letter.isupper() for letter in short) < 2:
        return ""
    for name in names:
        words = [word for word in name_key(name).split() if word not in _SMALL_WORDS]
        if len(words) > 1 and "".join(word[0] for word in words) == key.replace(" ", ""):
            return name
    several_words = len(name_key(entry.term).split()) > 1
    return entry.term if several_words and name_key(entry.term) != key else ""


_SMALL_WORDS = frozenset(["a", "an", "and", "for", "from", "in", "of", "on", "the", "to", "with"])
