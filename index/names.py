"""Names of entries: when two spellings are the same name, and which name a typo meant."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})
_BETWEEN_WORDS = re.compile(r"[\s_/‐‑‒–—−-]+")
_AROUND = " \t\n\"'“”„«»‚‹›().,;:!?¿¡…*"


def name_key(name: str) -> str:
    """The form under which a name is looked up: “Top–P  sampling” gives `top p sampling`.

    Entities, case, compatibility forms, quotes around it, hyphens, slashes and runs of spaces do
    not tell names apart; `+`, `#`, `&` and inner dots do, so C, C++ and C# stay three.
    """
    text = name
    while (plain := html.unescape(text)) != text:
        text = plain
    text = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    text = _BETWEEN_WORDS.sub(" ", text)
    return text.strip(_AROUND) or text.strip()


def _singulars(key: str) -> Iterator[str]:
    """What `key` may be the plural of, the likeliest first."""
    if len(key) < 4 or not key.endswith("s") or key.endswith("ss"):
        return
    if key.endswith("ies"):
        yield key[:-3] + "y"
    yield key[:-1]
    if key.endswith(("ches", "shes", "sses", "xes", "ses")):
        yield key[:-2]


@dataclass(frozen=True, slots=True)
class Named:
    """An entry found by one of its names: the name as written there, and how it was found."""

    entry_id: str
    name: str
    match: Literal["exact", "alias", "spelling"]


class Names:
    """Every name (term, alias or id) of a set of entries, for looking up by name."""

    def __init__(self, names: Iterable[tuple[str, str, Sequence[str]]]) -> None:
        """`names` holds `(entry id, term, aliases)` rows."""
        self._by_key: dict[str, list[Named]] = {}
        rows = list(names)
        for entry_id, term, _ in rows:
            self._add(term, Named(entry_id, term, "exact"))
        for entry_id, _, aliases in rows:
            for alias in aliases:
                self._add(alias, Named(entry_id, alias, "alias"))
        self._by_id = {entry_id: Named(entry_id, term, "exact") for entry_id, term, _ in rows}
        self._keys = list(self._by_key)

    def _add(self, name: str, named: Named) -> None:
        key = name_key(name)
        found = self._by_key.setdefault(key, [])
        if key and all(other.entry_id != named.entry_id for other in found):
            found.append(named)

    def exact(self, name: str) -> list[Named]:
        """The entries that bear this name: terms before aliases, singular for plural. An id, as
        it is written, names its entry where nothing else does."""
        key = name_key(name)
        for form in (key, *_singulars(key)):
            if form in self._by_key:
                return self._by_key[form]
        by_id = self._by_id.get(name.strip())
        return [by_id] if by_id else []

    def spelled(self, name: str) -> list[Named]:
        """The entries whose name this is with a typing mistake, the nearest spelling only.

        One edit (a letter missing, added, changed, or two swapped) is forgiven from five
        characters, two from nine; several entries come back when their names are equally near.
        """
        key = name_key(name)
        allowed = 0 if len(key) < 5 else 1 if len(key) < 9 else 2
        if not allowed:
            return []
        near = process.extract(key, self._keys, scorer=OSA.distance, score_cutoff=allowed, limit=8)
        best = min((distance for _, distance, _ in near), default=0)
        return self._unique(found for found, distance, _ in near if distance == best)

    def like(self, name: str, limit: int = 3) -> list[Named]:
        """Up to `limit` entries with a name somewhat like this one, for "did you mean"."""
        near = process.extract(
            name_key(name), self._keys, scorer=fuzz.WRatio, score_cutoff=75, limit=4 * limit
        )
        return self._unique(found for found, _, _ in near)[:limit]

    def _unique(self, keys: Iterable[str]) -> list[Named]:
        first: dict[str, Named] = {}
        for key in keys:
            for named in self._by_key[key]:
                first.setdefault(named.entry_id, replace(named, match="spelling"))
        return list(first.values())
