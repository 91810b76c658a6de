"""The peers that Nearsay is measured beside, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.bench import txtai_peer
from bot.bench.data import Document
from bot.bench.peers import Method, Rrf, Substring, bm25, model_alone
from bot.terminal.progress import Report
from index.embedder import Embedder


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A peer that was not asked, and how one gets it."""

    method: str
    why: str


@contextmanager
def lineup(
    documents: Sequence[Document], embedder: Embedder, folder: Path, report: Report
) -> Iterator[tuple[list[Method], tuple[LeftOut, ...]]]:
    """Indexes `documents` into `folder` for every peer that can be; those that cannot are said.
    Releases the indexes in the end."""
    with ExitStack() as stack:
        model = stack.enter_context(model_alone(documents, embedder, folder / "model", report))
        words = bm25(documents, folder / "words")
        peers: list[Method] = [model, words, Rrf(model, words), Substring(documents)]
        if not txtai_peer.is_installed():
            yield peers, (LeftOut(txtai_peer.NAME, txtai_peer.MISSING),)
            return
        peers.append(stack.enter_context(txtai_peer.txtai_hybrid(documents, embedder)))
        yield peers, ()
