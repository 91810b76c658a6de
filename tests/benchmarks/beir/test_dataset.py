from pathlib import Path

import pytest

from index.errors import SourceError
from index.evaluation.beir import Document
from tests.benchmarks.beir.dataset import read_dataset
from tests.benchmarks.beir.folders import BAKERY, write_bakery
from tests.unit.index.tables import rows

HEADER = "query-id\tcorpus-id\tscore\n"


def test_a_dataset_folder_is_read(tmp_path: Path) -> None:
    dataset = read_dataset(write_bakery(tmp_path / "bakery"))
    assert dataset.name == "bakery"
    ids = [document.id for document in dataset.documents]
    assert ids == ["sour", "rye", "oven", "salt", "note"]
    first, *_ = dataset.queries
    assert (first.id, first.text) == ("q1", "a starter of flour and water")
    assert first.grades == {"sour": 2, "rye": 1, "oven": 0}


def test_queries_without_a_relevant_document_are_counted_and_skipped(tmp_path: Path) -> None:
    qrels = (BAKERY / "qrels.tsv").read_text() + "q6\tsour\t0\n"
    dataset = read_dataset(write_bakery(tmp_path, qrels=qrels))
    assert [query.id for query in dataset.queries] == ["q1", "q2", "q3", "q4", "q5"]
    assert dataset.unjudged == 1


def test_common_variants_of_the_format_are_read(tmp_path: Path) -> None:
    corpus = (
        '\ufeff{"_id": 7, "text": "no title", "more": [1]}\r\n\r\n'
        '{"_id": "b", "title": null, "text": "tab\\tand\\u0007bell"}\r\n'
        '{"_id": "blank", "title": "", "text": " "}'
    )
    dataset = read_dataset(
        write_bakery(
            tmp_path,
            corpus=corpus,
            queries='{"_id": "q", "text": "a"}',
            qrels=f"{HEADER}q\t7\t1\nq\tblank\t1\nq\t7\t1".replace("\n", "\r\n"),
        )
    )
    assert dataset.documents == (Document("7", "", "no title"), Document("b", "", "tab andbell"))
    assert dataset.queries[0].grades == {"7": 1, "blank": 1}


def test_a_limited_dataset_has_evenly_spaced_queries(tmp_path: Path) -> None:
    dataset = read_dataset(write_bakery(tmp_path))
    asked = {limit: len(dataset.limited(limit).queries) for limit in (None, 9, 5, 1)}
    assert asked == {None: 5, 9: 5, 5: 5, 1: 1}
    assert [query.id for query in dataset.limited(3).queries] == ["q1", "q2", "q4"]


NOT_UTF_8 = b'{"_id": "q", "text": "a"}\n\xe4'


@pytest.mark.parametrize(
    ("files", "message"),
    [*rows(__file__, "bad folders"), ({"queries": NOT_UTF_8}, r"queries\.jsonl:2: is not UTF-8")],
)
def test_an_invalid_folder_is_reported_with_file_and_line(
    tmp_path: Path, files: dict[str, str | bytes | None], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read_dataset(write_bakery(tmp_path, **files))
