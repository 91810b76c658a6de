"""Read and check retrieval datasets in the layout of BEIR.

    corpus.jsonl     {"_id": …, "title": …, "text": …}, one document per line
    queries.jsonl    {"_id": …, "text": …}, one query per line
    qrels.tsv        query-id, corpus-id, score: a header, then one judgement per line

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models" (2021). The judgements may also be in qrels/test.tsv, as in BEIR's own folders.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from index.errors import SourceError
from index.evaluation.beir import LAYOUT, Asked, Document, converted_by, lines_of, rows_of
from index.text import clean, one_line

HEADER = ("query-id", "corpus-id", "score")
Text = Annotated[str, converted_by(clean)]


class _Record(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: Annotated[str, Field(alias="_id", min_length=1)]


Identified = TypeVar("Identified", bound=_Record)


class _Document(_Record):
    title: Annotated[str | None, converted_by(one_line)] = None
    text: Text


class _Query(_Record):
    text: Asked


@dataclass(frozen=True, slots=True)
class Query:
    """A query; `grades` maps the ids of judged documents to their relevance, from 0 (not relevant)
    upwards, at least one of them above 0."""

    id: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A corpus without empty documents, and its queries. `unjudged` counts the queries left out
    because they have no relevant document."""

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    unjudged: int

    def limited(self, limit: int | None) -> Dataset:
        """Return the dataset with at most `limit` (1 or more) queries, evenly spaced."""
        count = len(self.queries)
        kept = count if limit is None else min(limit, count)
        return replace(self, queries=tuple(self.queries[at * count // kept] for at in range(kept)))


def read_dataset(folder: Path) -> Dataset:
    """Read the dataset in `folder`. Raises `SourceError` with the file and line of a fault."""
    corpus, asked = folder / "corpus.jsonl", folder / "queries.jsonl"
    documents = {
        row.id: Document(row.id, row.title or "", row.text)
        for row in _records(corpus, _Document).values()
    }
    worded = tuple(document for document in documents.values() if document.whole)
    if not worded:
        raise SourceError(corpus, None, "has no document with a title or a text", LAYOUT)
    texts = _records(asked, _Query)
    qrels = folder / "qrels" / "test.tsv"
    if not qrels.is_file() or (folder / "qrels.tsv").is_file():
        qrels = folder / "qrels.tsv"
    grades = _judgements(qrels, texts, documents)
    queries = tuple(
        Query(query_id, query.text, grades[query_id])
        for query_id, query in texts.items()
        if any(grade > 0 for grade in grades.get(query_id, {}).values())
    )
    if not queries:
        raise SourceError(
            qrels, None, "has no relevant document", "Give relevant documents a score above 0."
        )
    return Dataset(folder.resolve().name, worded, queries, len(texts) - len(queries))


def _judgements(
    file: Path, queries: Container[str], documents: Container[str]
) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    rows = lines_of(file)
    _, header = next(rows, (1, ""))
    if tuple(header.split("\t")) != HEADER:
        raise SourceError(
            file, 1, "the header is missing", f"The tab-separated columns are {', '.join(HEADER)}."
        )
    for line, row in rows:
        cells = row.split("\t")
        if len(cells) != len(HEADER):
            raise SourceError(
                file, line, f"{len(cells)} tab-separated columns; expected {len(HEADER)}"
            )
        query_id, document_id, score = cells
        if query_id not in queries:
            raise SourceError(file, line, f'there is no query with the _id "{query_id}"')
        if document_id not in documents:
            raise SourceError(file, line, f'there is no document with the _id "{document_id}"')
        if not (score.isascii() and score.isdecimal()) or len(score) > 9:
            raise SourceError(file, line, f'the score "{score}" is not a non-negative integer')
        grades.setdefault(query_id, {})[document_id] = int(score)
    return grades


def _records(file: Path, kind: type[Identified]) -> dict[str, Identified]:
    found: dict[str, Identified] = {}
    for line, row in rows_of(file, kind):
        if row.id in found:
            raise SourceError(file, line, f'duplicate "_id" {row.id}')
        found[row.id] = row
    return found
