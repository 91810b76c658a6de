"""Temporary indexes to measure."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.embedding.embedder import Embedder
from index.indexing.reindex import SourceContent, reindex
from index.progress import Progress
from index.storage import Store


@contextmanager
def open_index(
    content: SourceContent, embedder: Embedder, folder: Path, report: Progress
) -> Iterator[Store]:
    """Index `content` in `folder`, yield the store, and close it on exit."""
    with closing(Store(folder)) as store:
        reindex(store, content, embedder, progress=report)
        yield store
