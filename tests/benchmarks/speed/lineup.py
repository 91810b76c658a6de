"""Who is measured on one size, each in a process of its own and ready to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

from bot.bench.peers import NO_TXTAI, LeftOut
from tests.benchmarks.speed import names, onnx_file
from tests.benchmarks.speed.answering import nearsay
from tests.benchmarks.speed.bare import bare_model
from tests.benchmarks.speed.chroma import default_chroma, raw_chroma
from tests.benchmarks.speed.contender import Contender, Way
from tests.benchmarks.speed.peers import semantic_search, semantic_search_as_ours, txtai
from tests.benchmarks.speed.place import Place
from tests.benchmarks.speed.served import Served
from tests.benchmarks.speed.worker import ContenderFailed, Open, Worker

OURS: dict[str, Open] = {names.CHROMA: raw_chroma, names.OURS: nearsay}
PEERS: dict[str, Open] = {
    names.SEARCH: semantic_search,
    names.SEARCH_AS_OURS: semantic_search_as_ours,
    names.DEFAULT_CHROMA: default_chroma,
    names.TXTAI: txtai,
}
WITHOUT_FILTER = (names.TXTAI,)  # which filters only what it stores in a database of its own


@dataclass(frozen=True, slots=True)
class Lineup:
    """The peers, those of ours that are asked one question after another, those that are also
    asked by several at once, all contenders, and the peers that cannot be asked."""

    peers: list[tuple[Contender, Way]]
    alone: list[tuple[Contender, Way]]
    together: list[tuple[Contender, Way]]
    all: list[Contender]
    left_out: list[LeftOut]


@contextmanager
def model_alone(place: Place) -> Iterator[Worker]:
    """The model, ready. Raises `ContenderFailed` when it cannot be made so."""
    worker = Worker(names.MODEL, bare_model, place)
    try:
        worker.wait()
        yield worker
    finally:
        worker.end()


@contextmanager
def lineup(place: Place, model: Contender) -> Iterator[Lineup]:
    """All contenders of a place; they are gone in the end. A peer that cannot be made ready is left
    out; raises `ContenderFailed` when one of ours cannot."""
    left_out = list(_absent())
    absent = {peer.method for peer in left_out}
    with ExitStack() as stack:
        workers: list[Worker] = []
        for name, opened in {**OURS, **PEERS}.items():
            if name not in absent:
                workers.append(Worker(name, opened, place))
                stack.callback(workers[-1].end)
        ready: list[Contender] = []
        for worker in workers:
            try:
                worker.wait()
                ready.append(worker)
            except ContenderFailed as error:
                if worker.name in OURS:
                    raise
                left_out.append(LeftOut(worker.name, error.message))
        served = Served(place)
        stack.callback(served.end)
        peers = [worker for worker in ready if worker.name in PEERS]
        parts = [worker for worker in ready if worker.name in OURS]
        yield Lineup(
            peers=[(peer, way) for peer in peers for way in _ways(peer)],
            alone=[(one, "filtered") for one in (*parts, served)],
            together=[
                (model, "forward"),
                (model, "encode"),
                *((one, "plain") for one in (*parts, served)),
            ],
            all=[model, *ready, served],
            left_out=left_out,
        )


def _ways(peer: Contender) -> tuple[Way, ...]:
    return ("plain",) if peer.name in WITHOUT_FILTER else ("plain", "filtered")


def _absent() -> Iterator[LeftOut]:
    if not onnx_file.can_export():
        yield LeftOut(names.DEFAULT_CHROMA, onnx_file.MISSING)
    if not find_spec("txtai"):
        yield LeftOut(names.TXTAI, NO_TXTAI)
