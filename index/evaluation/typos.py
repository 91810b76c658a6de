"""Generate names with one typo each, deterministically."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Literal

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.names import name_key

Mistake = Literal["swapped", "missing", "doubled", "changed"]
MISTAKES: tuple[Mistake, ...] = ("swapped", "missing", "doubled", "changed")

LETTERS = 5  # names with fewer letters are not misspelt
WANTED = 1_000
TRIES = 20  # per wanted typo; a small glossary gives fewer typos


@dataclass(frozen=True, slots=True)
class Typo:
    """A misspelt name (`written`), the intended name, and the ids of the entries with that name."""

    written: str
    name: str
    right: Collection[str]


def owners_by_key(names: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Map the key of each name to the ids of the entries with that name; `names` has `(entry id,
    name)` rows."""
    owners: dict[str, set[str]] = {}
    for entry_id, name in names:
        owners.setdefault(name_key(name), set()).add(entry_id)
    return owners


def typos(
    names: Iterable[tuple[str, str]],
    known: Collection[str] = (),
    wanted: int = WANTED,
) -> list[Typo]:
    """Return up to `wanted` distinct misspellings of `names`, which are `(entry id, name)` rows.

    In each, one letter is swapped with the next, dropped, doubled or changed. Ambiguous
    misspellings are left out: those equal to a name, and those at least as similar to the name of
    another entry. `known` has the keys of further names that a misspelling must not equal.
    """
    owners = owners_by_key(names := list(names))
    taken = owners.keys() | set(known)
    distinct = dict.fromkeys(name for _, name in names)
    candidates = [name for name in distinct if sum(map(str.isalpha, name)) >= LETTERS]
    random = np.random.default_rng(0)
    made: dict[str, Typo] = {}
    for _ in range(TRIES * wanted if candidates else 0):
        name = candidates[int(random.integers(len(candidates)))]
        mistake = MISTAKES[int(random.integers(len(MISTAKES)))]
        written = misspell(name, mistake, random)
        key = name_key(written)
        if key not in made and key not in taken and not _means_another(key, name, owners):
            made[key] = Typo(written, name, owners[name_key(name)])
        if len(made) == wanted:
            break
    return list(made.values())


def misspell(name: str, mistake: Mistake, random: np.random.Generator) -> str:
    """Misspell one random letter of `name`. A name without a suitable letter is returned unchanged,
    and swapping two equal letters changes nothing."""
    letters = [at for at, sign in enumerate(name) if sign.isalpha()]
    if mistake == "swapped":
        letters = [at for at in letters if at + 1 in letters]
    if not letters:
        return name
    at = letters[int(random.integers(len(letters)))]
    before, letter, after = name[:at], name[at], name[at + 1 :]
    if mistake == "swapped":
        return before + after[0] + letter + after[1:]
    if mistake == "missing":
        return before + after
    if mistake == "doubled":
        return before + letter + letter + after
    others = [other for other in ascii_lowercase if other != letter.casefold()]
    return before + others[int(random.integers(len(others)))] + after


def _means_another(key: str, name: str, owners: Mapping[str, set[str]]) -> bool:
    right = owners[name_key(name)]
    away = OSA.distance(key, name_key(name))  # 2 if a one-letter word is dropped, with its space
    near = process.extract(key, list(owners), scorer=OSA.distance, score_cutoff=away, limit=None)
    return any(not owners[other] & right for other, _, _ in near)
