from pathlib import Path

import pytest

from index.errors import SourceError
from index.evaluation.beir import Document, read_dataset
from tests.unit.index.evaluation.folders import FILES, write_bakery

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
    qrels = FILES["qrels.tsv"] + "q6\tsour\t0\n"
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
    assert dataset.documents == (
        Document("7", "", "no title"),
        Document("b", "", "tab andbell"),
    )
    assert dataset.queries[0].grades == {"7": 1, "blank": 1}


def test_a_limited_dataset_has_evenly_spaced_queries(tmp_path: Path) -> None:
    dataset = read_dataset(write_bakery(tmp_path))
    asked = {limit: len(dataset.limited(limit).queries) for limit in (None, 9, 5, 1)}
    assert asked == {None: 5, 9: 5, 5: 5, 1: 1}
    assert [query.id for query in dataset.limited(3).queries] == ["q1", "q2", "q4"]


BAD: list[tuple[dict[str, str | bytes | None], str]] = [
    ({"corpus": None}, r"corpus\.jsonl: the file does not exist"),
    ({"corpus": "\n"}, r"corpus\.jsonl: has no document"),
    ({"corpus": '{"_id": "sour", "title": "", "text": "\\u200b"}'}, "has no document"),
    ({"corpus": FILES["corpus.jsonl"] + "{"}, r"corpus\.jsonl:6: Invalid JSON"),
    ({"corpus": '{"_id": "a", "text": null}'}, r'jsonl:1: "text": .*valid string'),
    ({"queries": '{"text": "a"}'}, r'queries\.jsonl:1: "_id": Field required'),
    ({"queries": '{"_id": true, "text": "a"}'}, r'\.jsonl:1: "_id": .*valid string'),
    (
        {"queries": '{"_id": "1", "text": "a"}\n{"_id": 1, "text": "b"}'},
        r'queries\.jsonl:2: duplicate "_id" 1',
    ),
    ({"queries": b'{"_id": "q", "text": "a"}\n\xe4'}, r"queries\.jsonl:2: is not UTF-8"),
    ({"qrels": ""}, r"qrels\.tsv:1: the header is missing"),
    ({"qrels": HEADER}, r"qrels\.tsv: has no relevant"),
    ({"qrels": HEADER + "q1\tsour\t0\n"}, r"qrels\.tsv: has no relevant"),
    ({"qrels": HEADER + "q1 sour 1\n"}, r"qrels\.tsv:2: 1 tab-separated"),
    ({"qrels": HEADER + "q1\tsour\t-1\n"}, r'qrels\.tsv:2: the score "-1"'),
    ({"qrels": HEADER + "q1\tsour\t1\n\nq9\tsour\t1\n"}, r'tsv:4: there is no query .* "q9"'),
    ({"qrels": HEADER + "q1\tbun\t1\n"}, r'qrels\.tsv:2: there is no document .* "bun"'),
]


@pytest.mark.parametrize(("files", "message"), BAD)
def test_an_invalid_folder_is_reported_with_file_and_line(
    tmp_path: Path, files: dict[str, str | bytes | None], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read_dataset(write_bakery(tmp_path, **files))
