"""Explain a text: the entries that it names, each with the meaning that fits, and the abbreviations
that no entry defines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice

import numpy as np

from index.deadline import check_deadline
from index.embedding.embedder import Embedder, Vectors
from index.entry import Entry, Passage, passages_of
from index.names import LONGEST_NAME, NameMatch, content_words
from index.question_words import BEFORE_NAME
from index.search.near import embed_queries
from index.search.results import ExplainedTerm, Explanation
from index.storage import Generation
from index.text import clean, one_line, split_sentences

MAX_TERMS = 50
MAX_UNDEFINED = 20
MAX_WRITTEN = 100  # characters of a name as written in the text
SHORTEST, LONGEST = 2, 6  # characters of an abbreviation
LONGEST_WORDS = 200  # characters of the words of an abbreviation
MAX_SENTENCES = 50  # that are embedded; in later ones, a name has its first meaning
SHOUTED = 3  # words in capitals in a row that are no abbreviations

_WORD = re.compile(r"[^\W_]+(?:['’+#&.][^\W_]+)*(?:\+\+|#)?")
_ENDING = re.compile(r"['’]\w{1,2}$")  # "RLHF'd"
_BETWEEN = re.compile(r"[\s_/‐‑‒–—−-]+")
# Addresses, mentions and code are no prose.
_NOT_PROSE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]{1,500}`|<[@#!][^>\s]{1,100}>|\b[a-zA-Z]{1,10}://\S+|\bwww\.\S+"
    r"|(?<!\S)[^\s@]{1,100}@\S+",
    re.DOTALL,
)
_BRACKETS = re.compile(r"\(([^()]{1,100})\)")
_NUMBERED = re.compile(r"[-_]\d")  # after a word: the key of an issue, as in ABC-12
_EVERYDAY_WORDS = """
aka always am asap bc be btw ca cc co dm do eg eod error etc every faq first fix fixed fwiw fyi ie
iirc imho imo jr just last lgtm lol mr mrs ms must nb need never new no nope not note now nr ok old
omg one only please pm ps re rip rsvp so stop tba tbd thx til tldr todo tv two uk urgent us usa very
vs warning wfh wip wtf yes
"""
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split()) | BEFORE_NAME


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a text, at `start` to `end`, with the entries that have it, and its sentence."""

    start: int
    end: int
    found: tuple[NameMatch, ...]
    sentence: int


def explain(generation: Generation, embedder: Embedder, text: str) -> Explanation:
    """Return the entries that `text` names, and its undefined abbreviations.

    Where names overlap, the longest wins. If several entries have a name, or one has several
    senses, the one nearest in meaning to the sentence is returned. Only such sentences are
    embedded."""
    text = clean(text)
    prose = _NOT_PROSE.sub(lambda found: "|" * len(found[0]), text)
    words = list(_WORD.finditer(prose))
    sentences = split_sentences(prose) or [prose]
    ends = _ends_of(prose, sentences)
    names = list(_names_in(generation, prose, words, ends))
    meanings = _Meanings(generation, embedder, sentences)
    meanings.embed(name.sentence for name in names if _is_ambiguous(_candidates(generation, name)))
    terms: dict[str, ExplainedTerm] = {}
    covered: set[int] = set()
    for name in names:
        term = _explained(generation, prose, name, meanings)
        terms.setdefault(term.id, term)
        covered.update(range(name.start, name.end))
    return Explanation(
        generation=generation.id,
        model=generation.model,
        text=text,
        terms=tuple(terms.values())[:MAX_TERMS],
        undefined=tuple(islice(_undefined_in(prose, words, covered), MAX_UNDEFINED)),
        more=max(0, len(terms) - MAX_TERMS),
    )


def _ends_of(text: str, sentences: list[str]) -> list[int]:
    """Return the position after each sentence."""
    ends, at = [], 0
    for sentence in sentences:
        at = text.find(sentence, at) + len(sentence)
        ends.append(at)
    return ends


def _names_in(
    generation: Generation, text: str, words: list[re.Match[str]], ends: list[int]
) -> Iterator[_Name]:
    find = cache(generation.names.find_exact)
    at, sentence = 0, 0
    while at < len(words):
        check_deadline()
        start = words[at].start()
        while sentence < len(ends) - 1 and start >= ends[sentence]:
            sentence += 1
        last = at  # the last word of the longest possible name
        while last + 1 < min(len(words), at + LONGEST_NAME) and _BETWEEN.fullmatch(
            text, words[last].end(), words[last + 1].start()
        ):
            last += 1
        for until in range(last, at - 1, -1):
            written = text[start : words[until].end()]
            bare = _ENDING.sub("", written)
            found = find(written) or find(bare)
            if found and content_words(written):
                yield _Name(start, words[until].end(), tuple(found), sentence)
                at = until
                break
        at += 1


def _candidates(generation: Generation, name: _Name) -> list[Entry]:
    """Return the entries that a name may mean, the team's own first."""
    ids = dict.fromkeys(one.entry_id for one in name.found)
    ids |= {twin: None for twin, own in generation.names.twins.items() if own in ids}
    return [generation.entries[entry_id] for entry_id in ids]


def _is_ambiguous(candidates: list[Entry]) -> bool:
    return len(candidates) > 1 or len(candidates[0].senses) > 1


class _Meanings:
    """The meanings of entries that are nearest to the sentences of a text."""

    def __init__(self, generation: Generation, embedder: Embedder, sentences: list[str]) -> None:
        self._generation = generation
        self._embedder = embedder
        self._sentences = sentences
        self._vectors: dict[int, Vectors] = {}

    def embed(self, numbers: Iterable[int]) -> None:
        """Embed the first `MAX_SENTENCES` of the sentences with these numbers, in one batch."""
        wanted = sorted(set(numbers))[:MAX_SENTENCES]
        if wanted:
            texts = [one_line(self._sentences[number]) for number in wanted]
            vectors = embed_queries(self._generation, self._embedder, texts)
            self._vectors = dict(zip(wanted, vectors, strict=True))

    def nearest(self, entries: Sequence[Entry], sentence: int) -> tuple[Entry, str]:
        """Return the entry with the passage that is nearest to a sentence, and its nearest
        definition; the first ones if the sentence was not embedded."""
        if sentence not in self._vectors:
            return entries[0], entries[0].definition
        point, generation = self._vectors[sentence], self._generation
        cosines = [generation.matrix[generation.rows_of(one.id)] @ point for one in entries]
        best = int(np.argmax([values.max() for values in cosines]))
        entry = entries[best]
        if len(entry.senses) < 2:
            return entry, entry.definition
        senses = [at for at, one in enumerate(passages_of(entry)) if _is_sense(one)]
        return entry, entry.senses[int(np.argmax(cosines[best][senses]))].text


def _is_sense(passage: Passage) -> bool:
    return passage.kind == "definition" and bool(passage.term)


def _explained(
    generation: Generation, text: str, name: _Name, meanings: _Meanings
) -> ExplainedTerm:
    candidates = _candidates(generation, name)
    entry, definition = candidates[0], candidates[0].definition
    if _is_ambiguous(candidates):
        entry, definition = meanings.nearest(candidates, name.sentence)
    written = one_line(text[name.start : name.end])[:MAX_WRITTEN]
    category, source = entry.category, entry.source
    return ExplainedTerm(entry.id, entry.term, category, written, definition, source)


def _undefined_in(text: str, words: list[re.Match[str]], covered: set[int]) -> Iterator[str]:
    """Yield the abbreviations in capitals outside the names, each once. Left out are words in lines
    of capitals, everyday ones such as FYI, keys of issues, and what the text spells out."""
    shouted, seen = _shouted(words), _spelled_out_in(text)
    for at, word in enumerate(words):
        written = re.sub(r"'?s$", "", word[0].replace(".", ""))
        if (
            at not in shouted
            and word.start() not in covered
            and written not in seen
            and _is_abbreviation(written)
            and not _NUMBERED.match(text, word.end())
        ):
            seen.add(written)
            yield written


def _is_abbreviation(word: str) -> bool:
    letters = [character for character in word if character.isalpha()]
    return (
        SHORTEST <= len(word) <= LONGEST
        and sum(map(str.isupper, letters)) >= SHORTEST
        and "".join(letters).isupper()
        and word.casefold() not in _EVERYDAY
    )


def _shouted(words: list[re.Match[str]]) -> set[int]:
    """Return the positions of words in runs of at least `SHOUTED` words in capitals."""
    found: set[int] = set()
    for is_upper, run in groupby(range(len(words)), key=lambda at: words[at][0].isupper()):
        positions = list(run)
        if is_upper and len(positions) >= SHOUTED:
            found.update(positions)
    return found


def _spelled_out_in(text: str) -> set[str]:
    """Return the abbreviations whose words the text has before or after them, in brackets:
    "mean time to recovery (MTTR)", "MTTR (mean time to recovery)"."""
    found: set[str] = set()
    for bracket in _BRACKETS.finditer(text):
        inside, before = bracket[1], text[max(0, bracket.start() - LONGEST_WORDS) : bracket.start()]
        words = before.split()[-2 * LONGEST :]
        pairs = [(inside.removesuffix("s"), " ".join(words)), (words[-1] if words else "", inside)]
        found.update(short for short, full in pairs if short and _abbreviates(short, full))
    return found


def _abbreviates(short: str, text: str) -> bool:
    """Return whether the letters of an abbreviation are initials of a text, in this order."""
    initials = iter("".join(word[0] for word in re.findall(r"[^\W_]+", text)).casefold())
    return all(letter in initials for letter in short.casefold())
