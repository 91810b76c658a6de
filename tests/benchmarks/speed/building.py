"""Indexes a glossary of one size as anybody would, and says at what rates that goes."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from bot.terminal.progress import Report
from index.embedder import Embedder, Vectors
from index.entry import Entry, passages_of
from index.export.jsonl import as_lines
from index.reindex import Content, reindex
from index.sources.files import load
from index.sources.readers import read_file
from index.sources.source import bundled_digest
from index.store import Store
from tests.benchmarks.speed.bare import converted
from tests.benchmarks.speed.contender import Contender
from tests.benchmarks.speed.place import Place, Text
from tests.benchmarks.speed.texts import glossary, queries

SOURCE = "glossary"
FIRST = 5  # entries of the index that is there before: with it the background is embedded
OF_A_FILE = 5_000  # entries
ALONE = 1_000  # texts drawn at random that the model alone embeds, before and after
CHANGED = 100  # one entry of so many is changed for the reindex
NEARLY_ALL = 0.75  # of the passages; those of the first entries had been embedded before
ASKED = 1_000  # questions whose vectors are kept
BATCH = 100  # vectors of questions made together
_RATES = "rates.json"


@dataclass(frozen=True, slots=True)
class Rates:
    """What an import of a glossary of so many entries and passages took, in seconds: `reading` its
    file, `indexing` it, for which so many passages were `embedded`, and `reindexing` it with one
    entry in a hundred changed. `alone` is how many of its passages the model embeds in a second by
    itself."""

    entries: int
    passages: int
    reading: float
    indexing: float
    embedded: int
    reindexing: float
    alone: float

    @property
    def share(self) -> float | None:
        """The rate of indexing, in parts of that of the model alone; None where an earlier run,
        which was cut short, had embedded many passages already."""
        if self.embedded < NEARLY_ALL * self.passages:
            return None
        return self.embedded / self.indexing / self.alone


def built(
    place: Place, passages: int, embedder: Embedder, alone: Contender, report: Report
) -> Rates:
    """Makes the index of a place, unless it is there from an earlier run; the rates of then or
    now. `alone` is the model alone, beside which the rate of indexing is measured.

    Raises a `NearsayError` when the model or the folder cannot be used.
    """
    known = _known(place)
    if known is not None:
        return known
    model = converted(place.model)
    if model.is_relative_to(place.model.folder):
        shutil.copytree(model, place.data / "models" / model.name, dirs_exist_ok=True)
    _write(glossary(passages), place.glossary)
    store = Store(place.data)
    try:
        begun = time.perf_counter()
        entries = _read(place.glossary)
        reading = time.perf_counter() - begun
        reindex(store, _content(entries[:FIRST]), embedder, progress=report)
        texts = [text.text for text in _texts(entries)]
        some = random.Random(0).sample(texts, min(ALONE, len(texts)))
        rates = [_rate(alone, some)]
        begun = time.perf_counter()
        done = reindex(store, _content(entries), embedder, progress=report)
        indexing = time.perf_counter() - begun
        rates.append(_rate(alone, some))
        changed = [
            entry if number % CHANGED else replace(entry, definition=f"{entry.definition} Anew.")
            for number, entry in enumerate(entries)
        ]
        begun = time.perf_counter()
        reindex(store, _content(changed), embedder, progress=report)
        reindexing = time.perf_counter() - begun
        found = _texts(changed)
        place.keep(found, store.current().matrix, _embedded(queries()[:ASKED], embedder))
    finally:
        store.close()
    measured = Rates(
        entries=len(entries),
        passages=len(found),
        reading=round(reading, 3),
        indexing=round(indexing, 2),
        embedded=done.embedded,
        reindexing=round(reindexing, 2),
        alone=round(sum(rates) / len(rates), 1),
    )
    (place.folder / _RATES).write_text(json.dumps(asdict(measured)), encoding="utf-8")
    return measured


def _known(place: Place) -> Rates | None:
    """The rates of an earlier run; None where there was none, or one of another version."""
    try:
        return Rates(**json.loads((place.folder / _RATES).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(entries: Sequence[Entry], folder: Path) -> None:
    """Writes a glossary into a folder, in files of the size that an import takes."""
    folder.mkdir(exist_ok=True)
    for start in range(0, len(entries), OF_A_FILE):
        text = as_lines(entries[start : start + OF_A_FILE])
        (folder / f"{start:07}.jsonl").write_text(text, encoding="utf-8")


def _read(folder: Path) -> list[Entry]:
    """The entries of the files of a glossary, as an import gives them."""
    return [
        replace(entry, id=f"{SOURCE}/{entry.id}", source=SOURCE)
        for file in sorted(folder.iterdir())
        for entry in read_file(load(file, folder), {}).entries
    ]


def _content(entries: Sequence[Entry]) -> Content:
    """An index of these alone. It says that it has the bundled encyclopedia, so that no program
    that finds it brings that in."""
    return Content(entries, encyclopedia=bundled_digest())


def _texts(entries: Sequence[Entry]) -> list[Text]:
    """The passages in the order of the index."""
    return [
        Text(passage.id, passage.embedded, entry.category)
        for entry in entries
        for passage in passages_of(entry)
    ]


def _rate(alone: Contender, texts: list[str]) -> float:
    """How many of these texts the model alone embeds in a second."""
    return len(texts) / alone.ask("documents", [texts]).whole


def _embedded(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Where questions lie, `float32[n, d]`."""
    parts = [
        embedder.queries(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)
    ]
    return np.concatenate(parts)
