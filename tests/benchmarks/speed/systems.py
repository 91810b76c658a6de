"""Run the measured systems in separate processes: Nearsay, its parts, and alternatives.

Each function prepares a system and returns its query functions: `plain` and, if it has filters,
`filtered` to one category.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from bot.assistant import Assistant
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.ops import garbage_collection
from bot.replies.base import Problem
from bot.slack.blocks.reply import RequestContext, message_of
from index.embedding.weights import find_weights
from index.storage import Store
from tests.benchmarks.speed.corpus import CATEGORIES
from tests.benchmarks.speed.indexing import Workdir, open_model

NEIGHBOURS = 10
MODEL, CHROMA, NEARSAY, HTTP = "model, forward pass", "Chroma", "nearsay", "nearsay over HTTP"
SEARCH, TXTAI = "semantic_search", "txtai"


@dataclass(frozen=True, slots=True)
class Query:
    """A text, and the row of its vector, for a system that does not embed."""

    text: str
    row: int

    @property
    def category(self) -> str:
        return CATEGORIES[self.row % len(CATEGORIES)]

    @property
    def filtered(self) -> str:
        return f"{self.text} in={self.category}"


Ways = dict[str, Callable[[Query], object]]


def model(work: Workdir) -> Ways:
    """Run only the forward pass of the model, one at a time."""
    opened, turn = open_model(work), threading.Lock()

    def forward(query: Query) -> object:
        with turn:
            return opened.queries([query.text])

    return {"plain": forward}


def chroma(work: Workdir) -> Ways:
    """Query Chroma with known vectors, for ids and distances."""
    collection = work.chroma()

    def find(query: Query, **within: Any) -> object:
        point = work.asked[query.row % len(work.asked)]
        return collection.query(
            query_embeddings=[point], n_results=NEIGHBOURS, include=["distances"], **within
        )

    return {"plain": find, "filtered": lambda one: find(one, where={"category": one.category})}


def nearsay(work: Workdir) -> Ways:
    """Answer a typed line with Nearsay, and render the reply for Slack."""
    assistant = Assistant(Store(work.data), work.embedder())
    assistant.warm_up()
    garbage_collection.tune_runtime()

    def answer(line: str) -> object:
        reply = assistant.ask(line)
        assert not isinstance(reply, Problem), f"{line} was answered by: {reply.message}"
        request = parse(line)
        asked = RequestContext(request if isinstance(request, Request) else None)
        return json.dumps(list(message_of(reply, asked).blocks))

    return {
        "plain": lambda query: answer(f"/near {query.text}"),
        "filtered": lambda query: answer(f"/near {query.filtered}"),
    }


def semantic_search(work: Workdir) -> Ways:
    """Search all vectors exactly with sentence-transformers in its default settings."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.util import semantic_search as search

    loaded = SentenceTransformer(str(find_weights(work.model).folder), device="cpu")
    corpus = torch.from_numpy(work.vectors)
    categories = np.array(work.categories)
    rows = {name: torch.from_numpy(np.flatnonzero(categories == name)) for name in CATEGORIES}

    def find(query: Query, within: torch.Tensor) -> object:
        point = loaded.encode_query(query.text, convert_to_tensor=True, show_progress_bar=False)
        return search(point, within, top_k=NEIGHBOURS)

    return {
        "plain": lambda query: find(query, corpus),
        "filtered": lambda query: find(query, corpus[rows[query.category]]),
    }


def txtai(work: Workdir) -> Ways:
    """Search with txtai's dense index in its default settings, with precomputed text vectors."""
    from txtai import Embeddings

    own = Embeddings(path=str(find_weights(work.model).folder))
    embeddings = Embeddings(
        method="external", transform=lambda texts: own.batchtransform(texts, "query")
    )
    embeddings.index(enumerate(work.vectors))
    return {"plain": lambda query: embeddings.search(query.text, NEIGHBOURS)}


SYSTEMS: dict[str, Callable[[Workdir], Ways]] = {
    MODEL: model,
    CHROMA: chroma,
    NEARSAY: nearsay,
    SEARCH: semantic_search,
}
if find_spec("txtai"):
    SYSTEMS[TXTAI] = txtai
