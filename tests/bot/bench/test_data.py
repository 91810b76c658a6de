from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.bench.data import Document, read_dataset
from index.errors import SourceError
from tests.bot.bench.folders import FILES, write_bakery

HEADER = "query-id\tcorpus-id\tscore\n"


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    dataset = read_dataset(write_bakery(tmp_path / "bakery"))
    assert dataset.name == "bakery"
    assert [document.id for document in dataset.documents] == [
        "sour",
        "rye",
        "oven",
        "salt",
        "note",
    ]
    first, *_ = dataset.queries
    assert (first.id, first.text) == ("q1", "a starter of flour and water")
    assert first.grades == {"sour": 2, "rye": 1, "oven": 0}


def test_queries_without_a_relevant_document_are_counted_and_left_out(tmp_path: Path) -> None:
    qrels = FILES["qrels.tsv"] + "q6\tsour\t0\n"
    dataset = read_dataset(write_bakery(tmp_path, qrels=qrels))
    assert [query.id for query in dataset.queries] == ["q1", "q2", "q3", "q4", "q5"]
    assert dataset.unjudged == 1


def test_queries_are_drawn_by_a_seed(tmp_path: Path) -> None:
    dataset = read_dataset(write_bakery(tmp_path))
    draws = {seed: dataset.sampled(3, seed).queries for seed in range(9)}
    assert draws[4] == dataset.sampled(3, 4).queries
    assert len({drawn[0].id for drawn in draws.values()}) > 1
    for drawn in draws.values():
        assert len({query.id for query in drawn}) == 3
    assert dataset.sampled(5, 0) is dataset


def test_judgements_may_be_where_beir_itself_has_them(tmp_path: Path) -> None:
    write_bakery(tmp_path, qrels=None)
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(FILES["qrels.tsv"])
    assert len(read_dataset(tmp_path).queries) == 5


def test_forms_that_are_met_with_are_read(tmp_path: Path) -> None:
    corpus = (
        '\ufeff{"_id": 7, "text": "no title", "more": [1]}\r\n\r\n'
        '{"_id": "b", "title": null, "text": "tab\\tand\\u0007bell \\ud800"}\r\n'
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


@pytest.mark.parametrize(
    ("limit", "asked"),
    [
        (None, ["q1", "q2", "q3", "q4", "q5"]),
        (9, ["q1", "q2", "q3", "q4", "q5"]),
        (5, ["q1", "q2", "q3", "q4", "q5"]),
        (3, ["q1", "q2", "q4"]),
        (2, ["q1", "q3"]),
        (1, ["q1"]),
    ],
)
def test_a_limit_spreads_over_all_queries(
    tmp_path: Path, limit: int | None, asked: list[str]
) -> None:
    dataset = read_dataset(write_bakery(tmp_path)).limited(limit)
    assert [query.id for query in dataset.queries] == asked


BAD: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "no corpus": ({"corpus": None}, r"corpus\.jsonl: there is no such file"),
    "no queries": ({"queries": None}, r"queries\.jsonl: there is no such file"),
    "no qrels": ({"qrels": None}, r"qrels\.tsv: there is no such file"),
    "empty corpus": ({"corpus": "\n"}, r"corpus\.jsonl: holds no document"),
    "wordless corpus": (
        {"corpus": '{"_id": "sour", "title": "", "text": "\\u200b"}'},
        r"corpus\.jsonl: holds no document",
    ),
    "empty queries": ({"queries": ""}, r"queries\.jsonl: holds no query"),
    "empty qrels": ({"qrels": ""}, r"qrels\.tsv:1: the header is missing"),
    "qrels of a header only": ({"qrels": HEADER}, r"qrels\.tsv: holds no judgement"),
    "qrels without header": ({"qrels": "q1\tsour\t1\n"}, r"qrels\.tsv:1: the header is missing"),
    "nothing relevant": ({"qrels": HEADER + "q1\tsour\t0\n"}, r"qrels\.tsv: names no relevant"),
    "two columns": ({"qrels": HEADER + "q1\tsour\n"}, r"qrels\.tsv:2: 2 tab-separated columns"),
    "spaces for tabs": ({"qrels": HEADER + "q1 sour 1\n"}, r"qrels\.tsv:2: 1 tab-separated"),
    "score in words": ({"qrels": HEADER + "q1\tsour\tyes\n"}, r'qrels\.tsv:2: the score "yes"'),
    "score below 0": ({"qrels": HEADER + "q1\tsour\t-1\n"}, r'qrels\.tsv:2: the score "-1"'),
    "huge score": ({"qrels": HEADER + f"q1\tsour\t{'9' * 400}\n"}, r"qrels\.tsv:2: the score"),
    "unknown query": (
        {"qrels": HEADER + "q1\tsour\t1\n\nq9\tsour\t1\n"},
        r'qrels\.tsv:4: there is no query with the _id "q9"',
    ),
    "unknown document": (
        {"qrels": HEADER + "q1\tbun\t1\n"},
        r'qrels\.tsv:2: there is no document with the _id "bun"',
    ),
    "two scores": (
        {"qrels": HEADER + "q1\tsour\t1\nq1\tsour\t2\n"},
        r'qrels\.tsv:3: "sour" has another score above',
    ),
    "not JSON": ({"corpus": FILES["corpus.jsonl"] + "{"}, r"corpus\.jsonl:6: is not JSON"),
    "too deep": ({"corpus": "[" * 100_000}, r"corpus\.jsonl:1: is not JSON"),
    "no object": ({"queries": '["q1"]'}, r"queries\.jsonl:1: .*valid dictionary"),
    "no id": ({"queries": '{"text": "a"}'}, r'queries\.jsonl:1: "_id": Field required'),
    "empty id": (
        {"queries": '{"_id": "", "text": "a"}'},
        r'queries\.jsonl:1: "_id": .* at least 1',
    ),
    "id that is true": (
        {"queries": '{"_id": true, "text": "a"}'},
        r'\.jsonl:1: "_id": .*valid string',
    ),
    "an id twice": (
        {"queries": '{"_id": "1", "text": "a"}\n{"_id": 1, "text": "b"}'},
        r'queries\.jsonl:2: a second "_id" 1',
    ),
    "no text": (
        {"corpus": '{"_id": "a", "title": "b"}'},
        r'corpus\.jsonl:1: "text": Field required',
    ),
    "text that is null": (
        {"corpus": '{"_id": "a", "text": null}'},
        r'jsonl:1: "text": .*valid string',
    ),
    "title that is a list": (
        {"corpus": '{"_id": "a", "title": [], "text": ""}'},
        r'corpus\.jsonl:1: "title": .*valid string',
    ),
    "empty query": (
        {"queries": '{"_id": "q", "text": " "}'},
        r'jsonl:1: "text": .* at least 1 character',
    ),
    "not UTF-8 at first": ({"queries": b"\xff{}"}, r"queries\.jsonl:1: is not UTF-8"),
    "not UTF-8 later": (
        {"queries": b'{"_id": "q", "text": "a"}\n\xe4'},
        r"queries\.jsonl:2: is not UTF-8",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_folder_is_said_with_file_and_line(tmp_path: Path, name: str) -> None:
    files, message = BAD[name]
    with pytest.raises(SourceError, match=message):
        read_dataset(write_bakery(tmp_path, **files))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=re.escape(f"{tmp_path / 'bread'}: there is no such")):
        read_dataset(tmp_path / "bread")


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    write_bakery(tmp_path, corpus=None)
    (tmp_path / "corpus.jsonl").mkdir()
    with pytest.raises(SourceError, match=r"corpus\.jsonl: cannot be read: Is a directory"):
        read_dataset(tmp_path)
