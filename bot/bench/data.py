"""Retrieval data in the layout of BEIR, read and checked.

    corpus.jsonl     {"_id": …, "title": …, "text": …}, one document a line
    queries.jsonl    {"_id": …, "text": …}, one query a line
    qrels.tsv        query-id, corpus-id, score: a header, then one judgement a line

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models" (2021). The judgements may also be in qrels/test.tsv, as BEIR's own folders have them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from index.errors import SourceError
from index.text import clean, one_line

HEADER = ("query-id", "corpus-id", "score")
LAYOUT = "A folder of BEIR layout holds corpus.jsonl, queries.jsonl and qrels.tsv."


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the corpus; either of title and text may be empty, but not both."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text as one, the way BEIR gives documents to a model."""
        return f"{self.title} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, and how relevant documents are to it: `grades` maps the ids of documents
    that were judged to 0 (not relevant) and up; at least one is above 0."""

    id: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A corpus and the queries it is asked.

    Not among `queries` are those without a relevant document, on which nothing can be measured:
    there are `unjudged` of them. Not among `documents` are those without a word.
    """

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    unjudged: int

    def limited(self, limit: int | None) -> Dataset:
        """The same with at most `limit` queries (1 and up), spread evenly over all of them."""
        count = len(self.queries)
        if limit is None or limit >= count:
            return self
        kept = tuple(self.queries[at * count // limit] for at in range(limit))
        return replace(self, queries=kept)

    def sampled(self, limit: int, seed: int) -> Dataset:
        """The same with at most `limit` queries (1 and up), drawn at random: the same ones for the
        same `seed`."""
        if limit >= len(self.queries):
            return self
        drawn = Random(seed).sample(self.queries, limit)  # noqa: S311
        return replace(self, queries=tuple(drawn))


def read_dataset(folder: Path) -> Dataset:
    """The dataset in `folder`; raises `SourceError`, which names the file and the line."""
    if not folder.is_dir():
        raise SourceError(folder, None, "there is no such folder", LAYOUT)
    corpus = folder / "corpus.jsonl"
    documents = {
        document_id: Document(
            document_id,
            one_line(_string(raw, "title", corpus, line)),
            clean(_string(raw, "text", corpus, line)),
        )
        for line, document_id, raw in _records(corpus)
    }
    worded = tuple(document for document in documents.values() if document.whole)
    if not worded:
        raise SourceError(corpus, None, "holds no document with a title or a text", LAYOUT)
    asked = folder / "queries.jsonl"
    texts = {query_id: _asked(raw, asked, line) for line, query_id, raw in _records(asked)}
    if not texts:
        raise SourceError(asked, None, "holds no query", LAYOUT)
    qrels = _qrels_of(folder)
    grades = _judgements(qrels, texts, documents)
    queries = tuple(
        Query(query_id, text, grades[query_id])
        for query_id, text in texts.items()
        if any(grade > 0 for grade in grades.get(query_id, {}).values())
    )
    if not queries:
        raise SourceError(
            qrels, None, "names no relevant document", "A score above 0 says that one is."
        )
    return Dataset(folder.resolve().name, worded, queries, len(texts) - len(queries))


def _qrels_of(folder: Path) -> Path:
    for file in (folder / "qrels.tsv", folder / "qrels" / "test.tsv"):
        if file.is_file():
            return file
    return folder / "qrels.tsv"


def _judgements(
    file: Path, queries: Mapping[str, str], documents: Mapping[str, Document]
) -> dict[str, dict[str, int]]:
    """The grades of documents by query, both by their ids."""
    grades: dict[str, dict[str, int]] = {}
    rows = lines_of(file)
    _, header = next(rows, (1, ""))
    if tuple(header.split("\t")) != HEADER:
        raise SourceError(
            file, 1, "the header is missing", f"Its tab-separated columns are {', '.join(HEADER)}."
        )
    for line, row in rows:
        cells = row.split("\t")
        if len(cells) != len(HEADER):
            raise SourceError(
                file, line, f"{len(cells)} tab-separated columns, {len(HEADER)} are expected"
            )
        query_id, document_id, score = cells
        if query_id not in queries:
            raise SourceError(file, line, f'there is no query with the _id "{query_id}"')
        if document_id not in documents:
            raise SourceError(file, line, f'there is no document with the _id "{document_id}"')
        if not (score.isascii() and score.isdecimal()) or len(score) > 9:
            raise SourceError(file, line, f'the score "{score}" is no whole number from 0')
        grade = int(score)
        if grades.setdefault(query_id, {}).setdefault(document_id, grade) != grade:
            raise SourceError(file, line, f'"{document_id}" has another score above')
    if not grades:
        raise SourceError(file, None, "holds no judgement", LAYOUT)
    return grades


def _records(file: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """The objects of a JSON Lines file with their lines and their ids, which are unique."""
    seen: set[str] = set()
    for line, raw in objects_of(file):
        found = raw.get("_id")
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            raise SourceError(file, line, 'has no "_id"')
        if str(found) in seen:
            raise SourceError(file, line, f'a second "_id" {found}')
        seen.add(str(found))
        yield line, str(found), raw


def _string(raw: Mapping[str, Any], key: str, file: Path, line: int) -> str:
    """A text under `key`; a document may lack a title, so null and nothing are "" there."""
    value = raw.get(key)
    if value is None and key == "title":
        return ""
    if not isinstance(value, str):
        raise SourceError(file, line, f'has no "{key}" that is a text')
    return value


def _asked(raw: Mapping[str, Any], file: Path, line: int) -> str:
    text = clean(_string(raw, "text", file, line))
    if not text:
        raise SourceError(file, line, "the query is empty")
    return text


def objects_of(file: Path, layout: str = LAYOUT) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file, one a line, with the numbers of their lines from 1.

    Raises `SourceError` where a line is none; `layout` is the hint where there is no file.
    """
    for line, text in lines_of(file, layout):
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SourceError(
                file, line, "is not JSON", "One object a line is expected."
            ) from error
        if not isinstance(raw, dict):
            raise SourceError(file, line, "is no JSON object", "One object a line is expected.")
        yield line, raw


def lines_of(file: Path, layout: str = LAYOUT) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file that are not blank, with their numbers from 1.

    Raises `SourceError` when it cannot be read; `layout` is the hint where there is no file.
    """
    try:
        with file.open("rb") as stream:
            for line, content in enumerate(stream, start=1):
                text = content.decode("utf-8-sig" if line == 1 else "utf-8").rstrip("\r\n")
                if text.strip():
                    yield line, text
    except FileNotFoundError as error:
        raise SourceError(file, None, "there is no such file", layout) from error
    except UnicodeDecodeError as error:
        raise SourceError(file, line, "is not UTF-8 text", "Save it as UTF-8.") from error
    except OSError as error:
        raise SourceError(file, None, f"cannot be read: {error.strerror}") from error
