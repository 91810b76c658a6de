"""The token vectors of a generation: written, copied from another generation, and compared."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedding.embedder import SentenceEmbedder
from index.embedding.late_interaction import DIMENSIONS, similarities, to_bytes, unit
from index.entry import Entry, Sense
from index.entry_json import entry_to_json
from index.errors import IndexCorrupted
from index.excerpts import excerpts_of
from index.indexing.reindex import SourceContent, reindex
from index.progress import no_progress
from index.storage import Generation
from index.storage.generation import ENTRIES
from index.storage.token_vectors import (
    ENTRY_TOKENS,
    EXCERPT_TOKENS,
    TokenVectors,
    token_text,
    write_tokens,
)
from tests.support.entries import harbour
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

FILES = [
    f"{name}{end}" for name in (ENTRY_TOKENS, EXCERPT_TOKENS) for end in (".npy", "-counts.npy")
]
KNOT = Entry(
    id="knot",
    term="Knot",
    definition="One nautical mile in an hour.",
    senses=(Sense("One nautical mile in an hour.", "speed"), Sense("A tie in a rope.", "ropes")),
)


class StubEncoder:
    """Encodes each word as a random vector, and records the texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.seed = 0

    def encode(self, text: str, _limit: int = 0) -> NDArray[np.float32]:
        self.texts.append(text)
        seeds = [[self.seed, *word.encode()] for word in text.split()]
        return unit(np.array([np.random.default_rng(one).normal(size=DIMENSIONS) for one in seeds]))


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> StubEncoder:
    stub = StubEncoder()
    monkeypatch.setattr("index.storage.token_vectors.token_encoder", lambda: stub)
    monkeypatch.setattr("index.storage.token_vectors.encode_query", stub.encode)
    return stub


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the token vectors of entries into a new folder, and return it."""

    def write_folder(name: str, entries: Sequence[Entry], base: Path | None = None) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        lines = "".join(f"{entry_to_json(entry)}\n" for entry in entries)
        (folder / ENTRIES).write_text(lines, encoding="utf-8")
        write_tokens(entries, folder, base, no_progress)
        return folder

    return write_folder


def encoded_texts(entries: Sequence[Entry]) -> list[str]:
    excerpts = [excerpt.read for entry in entries for excerpt in excerpts_of(entry)]
    return [*map(token_text, entries), *excerpts]


def opened(folder: Path, name: str = ENTRY_TOKENS) -> TokenVectors:
    found = TokenVectors.open(folder, name)
    assert found is not None
    return found


def test_an_entry_is_encoded_as_its_term_abbreviations_and_all_its_definitions() -> None:
    assert token_text(KNOT) == "Knot: One nautical mile in an hour. A tie in a rope."
    assert token_text(Entry("bell", "Bell", "It rings.")) == "Bell: It rings."
    service = Entry("vts", "Traffic service", "They watch.", aliases=("VTS", "the watch ashore"))
    assert token_text(service) == "Traffic service (VTS): They watch."


def test_each_entry_gets_the_vectors_of_its_text(encoder: StubEncoder, write: Write) -> None:
    entries = [*harbour(), KNOT]
    tokens = opened(write("one", entries))
    assert sorted(encoder.texts) == sorted(encoded_texts(entries))
    for number, entry in enumerate(entries):
        expected = to_bytes(encoder.encode(token_text(entry)))
        assert np.array_equal(tokens.of_text(number), expected)


def test_a_copy_of_the_known_vectors_equals_encoding_again(
    encoder: StubEncoder, write: Write
) -> None:
    base = write("base", [*harbour(), KNOT])
    changed = replace(KNOT, definition="Another speed.", senses=())
    renamed = replace(harbour()[0], term="Kedge")
    moved = replace(harbour()[5], id="horn", category="Elsewhere")
    entries = [changed, *harbour()[8:], renamed, moved, *harbour()[1:3]]
    encoder.texts.clear()
    copied = write("copied", entries, base)
    known = encoded_texts([*harbour(), KNOT])
    missing = [one for one in encoded_texts([changed, renamed]) if one not in known]
    assert sorted(encoder.texts) == sorted(missing)
    again = write("again", entries)
    for file in FILES:
        assert (copied / file).read_bytes() == (again / file).read_bytes()


def test_a_copy_has_the_vectors_of_the_base(encoder: StubEncoder, write: Write) -> None:
    base = write("base", harbour())
    encoder.seed = 1  # encodes differently from now on
    tokens = opened(write("copied", [KNOT, harbour()[3]], base))
    assert np.array_equal(tokens.of_text(1), opened(base).of_text(3))


def test_a_base_without_token_vectors_is_not_copied(encoder: StubEncoder, write: Write) -> None:
    base = write("base", harbour())
    (base / f"{ENTRY_TOKENS}.npy").unlink()
    encoder.texts.clear()
    write("copied", harbour(), base)
    assert sorted(encoder.texts) == sorted(map(token_text, harbour()))


def test_a_query_is_compared_with_the_asked_entries_in_their_order(
    encoder: StubEncoder, write: Write
) -> None:
    tokens = opened(write("one", harbour()))
    numbers = [7, 0, 11]
    found = tokens.similarities("thick rope ship", numbers)
    query = encoder.encode("thick rope ship")
    assert found == pytest.approx(
        [similarities(query, [tokens.of_text(number)])[0] for number in numbers]
    )
    assert found.argmax() == 0, "the hawser is a thick rope"


def test_progress_is_reported_up_to_the_last_entry(
    encoder: StubEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.token_vectors.BATCH", 5)
    told: list[tuple[str, int, int]] = []
    write_tokens(harbour(), tmp_path, None, lambda *step: told.append(step))
    total = len(encoded_texts(harbour()))
    assert told == [("encoding", done, total) for done in (*range(5, total, 5), total)]


def test_an_index_of_another_model_has_no_token_vectors(generation: Generation) -> None:
    assert generation.tokens is None
    assert generation.excerpt_tokens is None
    assert not any((generation.folder / file).exists() for file in FILES)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY damaged"])
def test_damaged_token_vectors_are_reported(
    encoder: StubEncoder, write: Write, file: str, content: bytes
) -> None:
    folder = write("one", harbour())
    (folder / file).write_bytes(content)
    with pytest.raises(IndexCorrupted):
        TokenVectors.open(folder, EXCERPT_TOKENS if EXCERPT_TOKENS in file else ENTRY_TOKENS)


@pytest.mark.model
def test_a_build_on_a_copy_has_the_token_vectors_of_a_full_build(
    tmp_path: Path, real_embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = harbour()
    entries[2] = replace(entries[2], definition="A tall machine that lifts heavy cargo.")
    files = []
    for first in (harbour(), None):
        store = open_store(tmp_path / f"{first is None}")
        for content in filter(None, (first, entries)):
            reindex(store, SourceContent(content), real_embedder)
        generation = store.current()
        assert generation.tokens is not None
        assert generation.manifest.rounds == (first is not None), "built on a copy"
        files.append([(generation.folder / file).read_bytes() for file in FILES])
        store.close()
    assert files[0] == files[1]


@pytest.mark.model
def test_an_index_that_is_moved_to_another_model_loses_its_token_vectors(
    tmp_path: Path, real_embedder: SentenceEmbedder
) -> None:
    store = open_store(tmp_path)
    reindex(store, SourceContent(harbour()), real_embedder)
    assert store.current().tokens is not None
    reindex(store, SourceContent(harbour()), ToyEmbedder())
    assert store.current().tokens is None
    store.close()
