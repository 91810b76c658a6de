import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.entry import Entry
from index.errors import IndexCorrupted
from index.storage.lexical.bm25 import WordIndex, index_words, words_of
from tests.unit.index.tables import rows

TEXTS = [
    "the model picks the next word",
    "the model samples tokens at random",
    "hallucination: the model invents the paper",
    "C is a language",
    "C++ is a language",
    "C# is a language",
    "naïve 中文 text",
]


def build(texts: list[str], folder: Path) -> None:
    entries = [Entry(str(at), "", text) for at, text in enumerate(texts)]
    index_words(entries, folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index") / "words"
    build(TEXTS, folder)
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> WordIndex:
    return WordIndex.open(folder)


def found(scores: NDArray[np.float32]) -> list[int]:
    return np.flatnonzero(scores).tolist()


@pytest.mark.parametrize(("text", "words"), rows(__file__, "words"))
def test_a_text_is_split_into_lower_case_words(text: str, words: list[str]) -> None:
    assert words_of(text) == list(words)


@pytest.mark.parametrize(("query", "texts"), rows(__file__, "queries"))
def test_only_texts_with_a_query_word_have_a_score(
    index: WordIndex, query: str, texts: tuple[int, ...]
) -> None:
    assert found(index.scores(query)) == list(texts)


@pytest.mark.parametrize("query", ["zebra", "", "🙂 ++", "\x00", "\ud800"])
def test_unknown_words_give_zero_scores(index: WordIndex, query: str) -> None:
    scores = index.scores(query)
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert found(scores) == []


def test_words_are_counted_with_repetitions(index: WordIndex) -> None:
    assert index.scores("model, models").tolist() == (2 * index.scores("model")).tolist()


def test_a_word_is_matched_by_its_stem(index: WordIndex) -> None:
    assert index.knows("Hallucinations")
    assert not index.knows("hallucinashun")
    assert index.knows("would")


def test_a_damaged_index_is_reported_with_a_hint(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        copy = Path(shutil.copytree(folder, tmp_path / file.name))
        (copy / file.name).write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        with pytest.raises(IndexCorrupted) as caught:
            WordIndex.open(copy)
        assert str(copy) in caught.value.message
        assert "nearsay index --full" in caught.value.hint
