"""An acronym ranks all its meanings first, however it is written.

Measured on acronyms with two to seven meanings each; skipped if the data set is missing. `-s` shows
the results. Each meaning is an entry, so several entries share a name. Only names matter for the
ranking, so a toy embedder is enough.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from index.evaluation.beir import read_dataset
from index.evaluation.measures import mean, scores_of
from index.evaluation.systems import nearsay
from index.evaluation.typos import LETTERS, MISTAKES, misspell
from index.names import name_key
from tests.support.toy import ToyEmbedder

DATA = Path(
    os.environ.get("NEARSAY_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data")
)
ACRONYMS = DATA / "eval" / "ambiguous-va-acronyms"
MIN_NDCG = 0.99  # nDCG@10

SENTENCES = (
    "what does {} stand for here?",
    "Can anyone tell me what {} means",
    "I don't know what {} is",
    "{}?? what does that mean",
)
SIGNS = ("“{}”", '"{}"?', "({})", "[{}]", "{{{}}}", "<{}>", "{}?", "{}!!", "*{}*", "{}'s", "~{}~")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ACRONYMS.is_dir(),
        reason="no acronyms to ask for; name the folder of the data with NEARSAY_TEST_DATA",
    ),
]

SAMPLED = 5  # every fifth acronym is asked in lower case, in sentences and with punctuation

Asked = Iterable[tuple[str, Mapping[str, int]]]  # queries with the grades of their entries


def dotted(acronym: str) -> str:
    """Return an acronym with dots between its letters; unchanged if it has other characters."""
    return ".".join(acronym) if acronym.isalpha() else acronym


def forms(acronyms: dict[str, Mapping[str, int]], names: set[str]) -> Iterator[tuple[str, Asked]]:
    """Yield different spellings of the acronyms. Misspellings that match another name or its plural
    are omitted, since they are ambiguous."""
    sample = list(acronyms.items())[::SAMPLED]
    yield "as it is", acronyms.items()
    yield "lower case", [(acronym.lower(), grades) for acronym, grades in sample]
    for sentence in SENTENCES:
        yield sentence, [(sentence.format(one), grades) for one, grades in sample]
    yield (
        "punctuation",
        [
            (written, grades)
            for at, (acronym, grades) in enumerate(sample)
            for written in (SIGNS[at % len(SIGNS)].format(acronym), f"{dotted(acronym)}?")
        ],
    )
    random = np.random.default_rng(0)
    misspelt_ones = {
        written: grades
        for acronym, grades in acronyms.items()
        if sum(map(str.isalpha, acronym)) >= LETTERS
        for mistake in MISTAKES * 2
        if name_key(written := misspell(acronym, mistake, random)) not in names
    }
    assert len(misspelt_ones) > 100
    yield "misspelt", misspelt_ones.items()


def test_acronym_ranks_all_its_meanings_first(tmp_path: Path) -> None:
    data = read_dataset(ACRONYMS)
    title = {document.id: document.title for document in data.documents}
    acronyms = {title[next(iter(query.grades))]: query.grades for query in data.queries}
    assert len(acronyms) > 600
    names = {name_key(name) for name in title.values()}
    names |= {f"{name}s" for name in names}
    with nearsay(data.documents, ToyEmbedder(), tmp_path, lambda *_: None) as ours:
        for form, asked in forms(acronyms, names):
            found = mean([scores_of(ours.find(text), grades) for text, grades in asked]).ndcg_at_10
            print(f"\n{form}: nDCG@10 {found:.4f}")
            assert found >= MIN_NDCG, form
