"""All meanings of an acronym come first, however the acronym is written: measured on acronyms with
two to seven meanings each, where their data is there. With `-s` the figures are shown.

A meaning is an entry of its own here, so several entries bear one name. Names decide, not what the
meanings say; a toy embedder does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from bot.bench.data import Dataset, read_dataset
from bot.bench.measures import mean, scores_of
from bot.bench.ours import Nearsay, nearsay
from bot.bench.typos import LETTERS, MISTAKES, misspelt
from index.names import name_key
from tests.support.toy import ToyEmbedder

DATA = Path(
    os.environ.get("NEARSAY_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data")
)
ACRONYMS = DATA / "eval" / "ambiguous-va-acronyms"
ENOUGH = 0.99  # of nDCG@10

SENTENCES = (
    "what does {} stand for here?",
    "Can anyone tell me what {} means",
    "I don't know what {} is",
    "{}?? what does that mean",
)
SIGNS = (
    "“{}”",
    '"{}"?',
    "({})",
    "[{}]",
    "{{{}}}",
    "<{}>",
    "{}?",
    "{}!!",
    "{}.",
    "*{}*",
    "{}'s",
    "~{}~",
)

pytestmark = pytest.mark.skipif(
    not ACRONYMS.is_dir(),
    reason="no acronyms to ask for; name the folder of the data with NEARSAY_TEST_DATA",
)

Asked = Iterable[tuple[str, Mapping[str, int]]]  # what is written, and which entries are meant


@pytest.fixture(scope="module")
def data() -> Dataset:
    return read_dataset(ACRONYMS)


@pytest.fixture(scope="module")
def ours(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nearsay]:
    folder = tmp_path_factory.mktemp("acronyms")
    with nearsay(data.documents, ToyEmbedder(), folder, lambda *_: None) as found:
        yield found


@pytest.fixture(scope="module")
def acronyms(data: Dataset) -> dict[str, Mapping[str, int]]:
    """Each acronym as the glossary writes it, and its meanings."""
    title = {document.id: document.title for document in data.documents}
    return {title[next(iter(query.grades))]: query.grades for query in data.queries}


def measured(form: str, ours: Nearsay, asked: Asked) -> float:
    """nDCG@10 over all that is asked."""
    scores = [scores_of(ours.find(text), grades) for text, grades in asked]
    found = mean(scores).ndcg_at_10
    print(f"\n{form}: nDCG@10 {found:.4f} over {len(scores):,}")
    return found


def dotted(acronym: str) -> str:
    """An acronym with dots between its letters, where it has nothing else."""
    return ".".join(acronym) if acronym.isalpha() else acronym


def test_an_acronym_as_it_is_gives_all_its_meanings_first(
    ours: Nearsay, acronyms: dict[str, Mapping[str, int]]
) -> None:
    assert len(acronyms) > 600
    assert measured("as it is", ours, acronyms.items()) >= ENOUGH


def test_an_acronym_in_lower_case_gives_all_its_meanings_first(
    ours: Nearsay, acronyms: dict[str, Mapping[str, int]]
) -> None:
    asked = [(acronym.lower(), grades) for acronym, grades in acronyms.items()]
    assert measured("lower case", ours, asked) >= ENOUGH


@pytest.mark.parametrize("sentence", SENTENCES)
def test_an_acronym_in_a_sentence_gives_all_its_meanings_first(
    ours: Nearsay, acronyms: dict[str, Mapping[str, int]], sentence: str
) -> None:
    asked = [(sentence.format(acronym), grades) for acronym, grades in acronyms.items()]
    assert measured(sentence, ours, asked) >= ENOUGH


def test_a_misspelt_acronym_gives_all_its_meanings_first(
    ours: Nearsay, data: Dataset, acronyms: dict[str, Mapping[str, int]]
) -> None:
    """Left out is what is itself another name or the plural of one, which nobody could tell."""
    names = {name_key(document.title) for document in data.documents}
    names |= {f"{name}s" for name in names}
    random = np.random.default_rng(0)
    asked: dict[str, Mapping[str, int]] = {}
    for acronym, grades in acronyms.items():
        if sum(map(str.isalpha, acronym)) >= LETTERS:
            for mistake in MISTAKES * 10:
                written = misspelt(acronym, mistake, random)
                if name_key(written) not in names:
                    asked[written] = grades
    assert len(asked) > 300
    assert measured("misspelt", ours, asked.items()) >= ENOUGH


def test_an_acronym_with_punctuation_gives_all_its_meanings_first(
    ours: Nearsay, acronyms: dict[str, Mapping[str, int]]
) -> None:
    asked = [
        (written, grades)
        for at, (acronym, grades) in enumerate(acronyms.items())
        for written in (SIGNS[at % len(SIGNS)].format(acronym), f"{dotted(acronym)}?")
    ]
    assert measured("punctuation", ours, asked) >= ENOUGH
