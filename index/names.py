"""Look up entries by name: normalize spellings and correct typos."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from typing import Literal

from index.inflections import plurals, singulars, without_bracket
from index.question_words import AFTER_NAME, BEFORE_NAME
from index.spelling import nearest_spellings, nearest_word, similar_names

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})
_BETWEEN_WORDS = re.compile(r"[\s_/‐‑‒–—−-]+")
_AROUND = " \t\n\"'“”„«»‚‹›()[]{}<>~|.,;:!?¿¡…*•"
_LETTER = r"[^\W\d_]"
_LETTERS_ONLY = re.compile(rf"(?<![\w'’]){_LETTER}+(?![\w'’])")
# "R.A.G." and "R.A.G". The lookbehind limits matches to the first letter.
_DOTTED = re.compile(rf"(?<!\b{_LETTER}\.)\b{_LETTER}(?:\.{_LETTER})+\b\.?(?!\.?\w)")

# The last word of a name, a conjunction, and up to four words after it.
_PAIR = re.compile(
    r"(?<![\w-])([\w-]+)( (?:and|or|vs\.?|versus|from|than|with|to) (?:an? |the )?)"
    r"([\w-]+(?: [\w-]+){1,3})",
    re.IGNORECASE,
)
LONGEST_QUESTION = 20  # words of a question about the meaning of a name
MIN_FUZZY_CHARACTERS = 5  # minimum length of a misspelt name to correct
LONGEST_NAME = 6  # words of a name found inside a text
LONGEST_COMPARED = 200  # characters of a text that are compared with names letter by letter
ENTRY_SUFFIX = "#definition"  # after an entry's id: the passage that stands for the entry


def name_key(name: str) -> str:
    """Return the lookup key of a name: “Top–P  sampling” gives `top p sampling`.

    The key ignores HTML entities, case, Unicode compatibility forms, surrounding quotes and
    brackets, hyphens, slashes, runs of spaces, and the dots of "R.A.G.". It keeps `+`, `#`, `&` and
    other inner dots: C, C++ and C# have different keys.
    """
    text = _plain(name)
    while "&" in text and (plainer := _plain(text)) != text:  # "&AmP" needs two passes
        text = plainer
    text = text.translate(_APOSTROPHES)
    text = _BETWEEN_WORDS.sub(" ", text)
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    return text.strip(_AROUND) or text.strip()


def _plain(text: str) -> str:
    """Fold HTML entities, Unicode compatibility forms and case."""
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():  # NFKC does not change ASCII
        text = unicodedata.normalize("NFKC", text)
    return text.casefold()


def unique_names(term: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` without empty names, duplicates and names equal to `term`."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name_key(name), name)
    return tuple(name for key, name in kept.items() if key not in ("", name_key(term)))


def content_words(text: str) -> list[str]:
    """Return the content words of `text`, normalized as by `name_key`. A word such as "doesn't" is
    none."""
    words = (word for word in _words_of(text) if word and word not in BEFORE_NAME)
    return [word for word in words if not word.endswith("n't")]


def _words_of(text: str) -> list[str]:
    return [word.strip(_AROUND) for word in name_key(text).split()]


def _spans(text: str) -> Iterator[str]:
    """Yield a text, and its parts without leading or trailing question words, longest first.

    A text of more than `LONGEST_QUESTION` words yields only itself.
    """
    yield text
    words = text.split()
    if len(words) > LONGEST_QUESTION:
        return
    keys = [name_key(word) for word in words]
    before = len(list(takewhile(BEFORE_NAME.__contains__, keys)))
    after = len(list(takewhile(AFTER_NAME.__contains__, reversed(keys))))
    starts, ends = range(before + 1), range(len(words) - after, len(words) + 1)
    cuts = [(start, end) for start in starts for end in ends if start < end]
    for start, end in sorted(cuts, key=lambda cut: (cut[0] - cut[1], cut))[1:]:
        yield " ".join(words[start:end])


@dataclass(frozen=True, slots=True)
class NameMatch:
    """An entry found by name, with the entry's own spelling of the name and the kind of match."""

    entry_id: str
    name: str
    match: Literal["exact", "alias", "spelling"]


class Names:
    """The names (terms, aliases and ids) of a set of entries, for lookup by name.

    `twins` maps the id of each overridden entry to the id of the entry with the same term that
    overrides it. A lookup by any name of an overridden entry returns the overriding entry.
    """

    def __init__(
        self,
        names: Iterable[tuple[str, str, Sequence[str]]],
        behind: Iterable[tuple[str, str, Sequence[str]]] = (),
    ) -> None:
        """Index `(entry id, term, aliases)` rows. Entries in `names` take precedence over those in
        `behind`; an entry in `behind` whose term is also in `names` is recorded in `twins`."""
        first, last = list(names), list(behind)
        ids = {name_key(term): entry_id for entry_id, term, _ in reversed(first)}
        keys = {entry_id: name_key(term) for entry_id, term, _ in last}
        self.twins = {entry_id: ids[key] for entry_id, key in keys.items() if key in ids}
        self._by_key: dict[str, list[NameMatch]] = {}
        self._by_id: dict[str, NameMatch] = {}
        for entry_id, term, _ in (*first, *last):
            named = NameMatch(self.twins.get(entry_id, entry_id), term, "exact")
            self._by_id[entry_id] = named
            self._add(term, named)
        for entry_id, _, aliases in (*first, *last):
            for alias in aliases:
                self._add(alias, replace(self._by_id[entry_id], name=alias, match="alias"))

    def _add(self, name: str, named: NameMatch) -> None:
        key = name_key(name)
        found = self._by_key.setdefault(key, [])
        if key and all(other.entry_id != named.entry_id for other in found):
            found.append(named)

    def find_exact(self, name: str) -> list[NameMatch]:
        """Return the entries with this name, matches by term before matches by alias.

        A plural matches its singular, a singular its plural, and "Term (ABC)" the term. If no name
        matches, `name` may be an entry id in exact case, with or without `ENTRY_SUFFIX`.
        """
        if found := self._bearers(name_key(name)) or self._bearers(name_key(without_bracket(name))):
            return found
        by_id = self._by_id.get(name.strip().removesuffix(ENTRY_SUFFIX))
        return [by_id] if by_id else []

    def _bearers(self, key: str) -> list[NameMatch]:
        if found := self._by_key.get(key):
            return found
        for form in singulars(key):
            if form in self._by_key and not self._is_rather_misspelt(key, form):
                return self._by_key[form]
        return next((self._by_key[form] for form in plurals(key) if form in self._by_key), [])

    def _is_rather_misspelt(self, key: str, form: str) -> bool:
        """Return whether `key` is more likely a misspelt name than the plural (in -es) of the short
        `form`: "ctses" is one edit away from CASES, so it is not read as the plural of CTS."""
        is_short = key == f"{form}es" and form[-1] == "s" and len(form) < 4
        return is_short and bool(self.find_misspelt(key))

    def find_misspelt(self, name: str) -> list[NameMatch]:
        """Return the entries with the name nearest to `name` by edit distance (see
        `nearest_spellings`). Names shorter than `MIN_FUZZY_CHARACTERS` never match. If several
        names are equally near, those shared by the most entries come first."""
        nearest = nearest_spellings(name_key(name), self._long_keys)
        return self._unique(sorted(nearest, key=lambda key: -len(self._by_key[key])))

    @cached_property
    def _long_keys(self) -> list[str]:
        return sorted((key for key in self._by_key if len(key) >= MIN_FUZZY_CHARACTERS), key=len)

    def resolve(self, text: str) -> list[NameMatch]:
        """Resolve a name, or a question about a name ("what does RAG stand for?").

        Exact matches are tried first, then misspelt names.
        """
        spans = list(_spans(text))
        for span in spans:
            if found := self.find_exact(span):
                return found
        for span in dict.fromkeys((spans[0], spans[-1])):
            if found := self.find_misspelt(span):
                return found
        return []

    def find_in(self, text: str) -> dict[str, float]:
        """Map the id of each entry named in a text to the share of the text's content words that
        the name covers, 0…1."""
        words = _words_of(text)
        is_content = [word not in BEFORE_NAME for word in words]
        found: dict[str, float] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1):
                weight = sum(is_content[start:end])
                if not weight:
                    continue
                for named in self._bearers(" ".join(words[start:end])):
                    share = weight / sum(is_content)
                    found[named.entry_id] = max(share, found.get(named.entry_id, 0))
        return found

    def main_names_in(self, text: str) -> list[str]:
        """Return the ids of the entries that a text is about: those that it names, if names cover
        at least half of its content words, or else the names of several content words and the
        abbreviations in capitals. Any other name may be used in another sense."""
        found = list(self.longest_names_in(text))
        content = sum(word not in BEFORE_NAME for word in _words_of(text))
        is_covered = 2 * sum(weight for weight, _ in found) >= content
        return [
            one.entry_id
            for weight, one in found
            if is_covered or weight > 1 or (one.name.isupper() and one.name in text)
        ]

    def mainly_names(self, text: str) -> bool:
        """Return whether a text is about entries that it names (see `main_names_in`)."""
        return bool(self.main_names_in(text))

    def longest_names_in(self, text: str) -> Iterator[tuple[int, NameMatch]]:
        """Yield the names found in a text, in order, each with its number of content words (at
        least 1). Where names overlap, the longest wins."""
        words = _words_of(text)
        at = 0
        while at < len(words):
            ends = range(min(len(words), at + LONGEST_NAME), at, -1)
            spans = ((end, self._bearers(" ".join(words[at:end]))) for end in ends)
            end, found = next(((end, bearers) for end, bearers in spans if bearers), (at + 1, []))
            weight = sum(word not in BEFORE_NAME for word in words[at:end])
            if found and weight:
                yield weight, found[0]
            at = end

    def complete_pairs(self, text: str) -> str:
        """Complete the first of two names that share their last words: "horizontal and vertical
        scaling" becomes "horizontal scaling and vertical scaling" if both are names."""

        def completed(found: re.Match[str]) -> str:
            first, between, second = found.groups()
            words = second.split()
            for end in range(len(words), 1, -1):
                if not self._bearers(name_key(" ".join(words[:end]))):
                    continue
                for start in range(1, end):
                    whole = f"{first} {' '.join(words[start:end])}"
                    if self._bearers(name_key(whole)):
                        return f"{whole}{between}{second}"
            return found.group()

        return _PAIR.sub(completed, text)

    def correct(self, text: str, known: Callable[[str], bool]) -> str:
        """Correct misspelt words in `text` to words that occur in names.

        A word of at least `MIN_FUZZY_CHARACTERS` that is not `known` is replaced with a word at
        most one edit away, or two if it has eight letters or more, unless one of the two begins
        with the other. A text of more than `LONGEST_QUESTION` words is returned unchanged.
        """
        if len(text.split()) > LONGEST_QUESTION:
            return text

        def corrected(found: re.Match[str]) -> str:
            word = found.group().casefold()
            if len(word) < MIN_FUZZY_CHARACTERS or known(word) or word in self._name_words:
                return found.group()
            near = nearest_word(word, self._name_words)
            is_form = near is not None and (word.startswith(near) or near.startswith(word))
            return found.group() if near is None or is_form else near

        return _LETTERS_ONLY.sub(corrected, text)

    @cached_property
    def _name_words(self) -> list[str]:
        words = {word for key in self._by_key for word in _LETTERS_ONLY.findall(key)}
        return sorted(word for word in words if len(word) >= MIN_FUZZY_CHARACTERS)

    def suggest(self, name: str, limit: int = 3) -> list[NameMatch]:
        """Return up to `limit` entries whose names are similar to the beginning of `name`."""
        near = similar_names(name_key(name)[:LONGEST_COMPARED], list(self._by_key), 4 * limit)
        return self._unique(near)[:limit]

    def _unique(self, keys: Iterable[str]) -> list[NameMatch]:
        first: dict[str, NameMatch] = {}
        for key in keys:
            for named in self._by_key[key]:
                first.setdefault(named.entry_id, replace(named, match="spelling"))
        return list(first.values())
