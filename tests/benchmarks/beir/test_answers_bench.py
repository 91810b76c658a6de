from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from index.progress import no_progress
from index.search.results import Answer, Citation
from tests.benchmarks.beir.answers import bench_answers
from tests.benchmarks.beir.dataset import read_dataset
from tests.benchmarks.beir.folders import write_bakery
from tests.benchmarks.beir.systems import nearsay
from tests.support.toy import ToyEmbedder


def answer_citing(*ids: str) -> Answer:
    return Answer(
        generation="g000001",
        model="toy",
        question="",
        answered=bool(ids),
        text="",
        citations=tuple(Citation(name, name, "Definition") for name in ids),
        confidence="sure" if ids else "none",
        sparse=not ids,
        nearest=(),
        follow_ups=(),
    )


def test_only_the_first_citation_is_judged(tmp_path: Path, toy: ToyEmbedder) -> None:
    dataset = read_dataset(write_bakery(tmp_path / "bakery"))
    cases = [
        (answer_citing("rye", "sour"), 2, 0),  # right for q1 and q2, wrong for q3, q4 and q5
        (answer_citing("oven", "rye"), 1, 0),  # judged not relevant for q1
        (answer_citing(), 0, 5),
    ]
    with nearsay(dataset.documents, toy, tmp_path / "index", no_progress) as ours:
        for reply, cited_first, declined in cases:
            with (
                patch("tests.benchmarks.beir.answers.answer", return_value=reply),
                patch("tests.benchmarks.beir.answers.nearsay", return_value=nullcontext(ours)),
            ):
                (measured,) = bench_answers([dataset], toy).sets
            assert (measured.data, measured.documents, measured.passages) == ("bakery", 5, 10)
            assert (measured.queries, measured.unjudged, measured.search_first) == (5, 1, 5)
            assert (measured.cited_first, measured.declined) == (cited_first, declined)
