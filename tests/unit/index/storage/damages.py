"""Damage to the files of a generation, as functions of a file path."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from index.indexing.reindex import SourceContent, reindex
from tests.support.entries import harbour
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

Damage = Callable[[Path], object]

# Every file of a generation with a saved graph; a star stands for a name made by Chroma.
FILES = (
    "manifest.json",
    "entries.jsonl",
    "spread.npz",
    "place-spread.npz",
    "vectors.npy",
    "centres.npy",
    "sources.npz",
    "atlas.npz",
    "words/data.csc.index.npy",
    "words/indices.csc.index.npy",
    "words/indptr.csc.index.npy",
    "words/params.index.json",
    "words/vocab.index.json",
    "chroma/chroma.sqlite3",
    "chroma/*/data_level0.bin",
    "chroma/*/header.bin",
    "chroma/*/index_metadata.pickle",
    "chroma/*/length.bin",
    "chroma/*/link_lists.bin",
)


def build_with_saved_graph(directory: Path) -> Path:
    """Build a generation of 1,296 passages, enough for Chroma to save their graph; return its
    folder."""
    entries = [
        replace(entry, id=f"{entry.id}-{copy}", term=f"{entry.term} {copy}")
        for copy in range(18)
        for entry in harbour()
    ]
    store = open_store(directory)
    reindex(store, SourceContent(entries), ToyEmbedder())
    store.close()
    return directory / "generations" / "g000001"


def copied(generation: Path, to: Path) -> Path:
    """Copy a generation that is to be damaged."""
    return Path(shutil.copytree(generation, to / "copy"))


def flip(file: Path, place: int, bit: int = 0) -> None:
    """Flip one bit of the byte at `place`; negative offsets count from the end."""
    content = bytearray(file.read_bytes())
    content[place] ^= 1 << bit
    file.write_bytes(content)


def cut(keep: Callable[[int], int]) -> Damage:
    return lambda file: file.write_bytes(file.read_bytes()[: keep(file.stat().st_size)])


DAMAGES: dict[str, Damage] = {
    "removed": Path.unlink,
    "emptied": cut(lambda size: 0),
    "half": cut(lambda size: size // 2),
    "a byte short": cut(lambda size: size - 1),
    "first bit": lambda file: flip(file, 0),
    "middle bit": lambda file: flip(file, file.stat().st_size // 2),
    "last bit": lambda file: flip(file, -1),
}
