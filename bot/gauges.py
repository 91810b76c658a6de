"""What is the case at the moment, read when Prometheus asks: the index, the queue, the inbox."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import REGISTRY, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from index.embedder import Embedder
from index.errors import NearsayError
from index.store import Manifest, Store

logger = logging.getLogger(__name__)

Reading = Callable[[], float]


class Gauges(Collector):
    """The gauges of one serving process, until `close`.

    `readings` give the value of each further gauge by its name and its help; one that fails is
    left out of that scrape, and logged.
    """

    def __init__(
        self, store: Store, embedder: Embedder, readings: Mapping[tuple[str, str], Reading]
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._readings = readings
        REGISTRY.register(self)

    def close(self) -> None:
        REGISTRY.unregister(self)

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry would else ask for all values to learn their names."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield _info("nearsay_build_info", "The version that runs.", {"version": _version()})
        for (name, text), reading in self._readings.items():
            try:
                yield GaugeMetricFamily(name, text, reading())
            except Exception:
                logger.exception("%s cannot be read", name)
        yield self._queries()
        yield from self._ledger()

    def _queries(self) -> Metric:
        recalled = self._embedder.recalled
        family = CounterMetricFamily(
            "nearsay_query_vectors",
            "Queries, by whether their vector was computed or came from the cache.",
            labels=["vector"],
        )
        family.add_metric(["cached"], recalled.known)
        family.add_metric(["computed"], recalled.embedded)
        return family

    def _ledger(self) -> Iterator[Metric]:
        """What the ledger tells of the index; of a ledger that cannot be read, only that."""
        try:
            yield from [*self._index(), _gauge("nearsay_ledger_up", _UP, 1)]
        except NearsayError:
            yield _gauge("nearsay_ledger_up", _UP, 0)

    def _index(self) -> Iterator[Metric]:
        ledger = self._store.ledger
        yield _gauge(
            "nearsay_reindex_running",
            "Whether a process builds a generation.",
            ledger.lease.building() is not None,
        )
        pointer = ledger.generations.pointer()
        yield _gauge(
            "nearsay_reindex_paused",
            "Whether scheduled reindexing waits for an admin.",
            pointer.paused,
        )
        yield _gauge(
            "nearsay_troubles",
            "What `/near-admin status` says is damaged or cannot be switched to.",
            len(self._store.troubles),
        )
        if pointer.generation is None:
            return
        record = ledger.generations.get(pointer.generation)
        if not record.can_be_opened:
            return
        manifest = Manifest.from_json(record.manifest)
        yield _info(
            "nearsay_generation_info",
            "The current generation, and its model.",
            {"generation": record.name, "model": manifest.fingerprint.name},
        )
        yield _gauge(
            "nearsay_generation_built_timestamp_seconds",
            "When the current generation was built.",
            record.built.timestamp(),
        )
        yield _gauge(
            "nearsay_generation_entries",
            "Entries of the current generation.",
            manifest.entries,
        )
        yield _gauge(
            "nearsay_generation_passages",
            "Passages of the current generation.",
            manifest.passages,
        )
        if "seconds" in record.outcome:
            yield _gauge(
                "nearsay_reindex_duration_seconds",
                "How long the reindex took that built the current generation.",
                float(record.outcome["seconds"]),
            )


_UP = "Whether the ledger can be read."


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _info(name: str, text: str, labels: Mapping[str, str]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family


def _version() -> str:
    try:
        return version("nearsay")
    except PackageNotFoundError:
        return "unknown"
