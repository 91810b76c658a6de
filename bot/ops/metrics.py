"""Prometheus metrics, served at `/metrics` (`bot.ops.health`).

Names follow Prometheus' conventions: seconds, and `_total` for counters. Label values come from
short fixed lists (commands, kinds of replies, codes of problems), never from users' text or
identity. `Gauges` are sampled on each scrape.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version

from prometheus_client import (
    REGISTRY,
    Counter,
    Histogram,
    Metric,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from bot.commands.catalog import COMMANDS
from bot.commands.spec import Request
from bot.replies.base import Problem, Reply
from index.embedding.embedder import Embedder
from index.errors import NearsayError
from index.storage import Manifest, Store

logger = logging.getLogger(__name__)

disable_created_metrics()  # type: ignore[no-untyped-call] # they double the number of series

_ANSWERING = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_ACKNOWLEDGING = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)

REQUESTS = Counter(
    "nearsay_requests_total",
    "Requests answered, by command, by verb if any, and by the kind of the reply or the code of "
    "the problem.",
    ["command", "verb", "outcome"],
)
REQUEST_SECONDS = Histogram(
    "nearsay_request_duration_seconds",
    "Time from a request to its reply, excluding delivery by Slack.",
    ["command"],
    buckets=_ANSWERING,
)
ACKNOWLEDGEMENT_SECONDS = Histogram(
    "nearsay_acknowledgement_duration_seconds",
    "Time from a delivery by Slack to its acknowledgement; Slack waits three seconds.",
    buckets=_ACKNOWLEDGING,
)
QUEUE_SECONDS = Histogram(
    "nearsay_queue_wait_seconds",
    "Time that an acknowledged delivery waits for a worker.",
    buckets=_ANSWERING,
)
SLACK_RETRIES = Counter(
    "nearsay_slack_retries_total",
    "Deliveries that Slack retried.",
)
SOCKET_RECONNECTS = Counter(
    "nearsay_socket_reconnects_total",
    "Sockets replaced, by cause: Slack announced the end of the connection, or it dropped.",
    ["cause"],
)
REPLIES_NOT_SENT = Counter(
    "nearsay_replies_not_sent_total",
    "Failed attempts to send a reply, by destination.",
    ["way"],
)
FALLBACKS = Counter(
    "nearsay_fallbacks_total",
    "What was done without the database of deliveries, since that did not answer.",
    ["what"],
)
REINDEXES = Counter(
    "nearsay_reindexes_total",
    "Reindexes run by this process, by outcome.",
    ["outcome"],
)
PASSAGES = Counter(
    "nearsay_indexed_passages_total",
    "Passages of new generations, by whether their vector was computed or came from the cache.",
    ["vector"],
)

# Initialize counters to 0, so that an alert sees the first increase.
for _command in COMMANDS:
    for _verb in [verb.name for verb in _command.verbs] or [""]:
        REQUESTS.labels(_command.name, _verb, "internal")
for _cause in ("announced", "dropped"):
    SOCKET_RECONNECTS.labels(_cause)
for _what in ("delivery", "signature", "answer", "amendment", "takeover", "lock"):
    FALLBACKS.labels(_what)
for _way in ("response_url", "conversation", "modal"):
    REPLIES_NOT_SENT.labels(_way)


def count_request(request: Request | None, reply: Reply, seconds: float) -> None:
    """Count a request and its reply; `request` is None if the line could not be parsed."""
    command = request.command if request else "none"
    verb = (request.verb or "") if request else ""
    REQUESTS.labels(command, verb, outcome_of(reply)).inc()
    REQUEST_SECONDS.labels(command).observe(seconds)


def outcome_of(reply: Reply) -> str:
    """Return the kind of a reply, or the code of a problem."""
    return reply.code if isinstance(reply, Problem) else reply.kind


class Gauges(Collector):
    """The gauges of one serving process, registered until `close`.

    `functions` maps the name and help text of further gauges to the functions that measure them. If
    a function raises, the error is logged and its gauge is left out of the scrape.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        functions: Mapping[tuple[str, str], Callable[[], float]],
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._functions = functions
        REGISTRY.register(self)

    def close(self) -> None:
        REGISTRY.unregister(self)

    def describe(self) -> Iterable[Metric]:
        """Return nothing. Otherwise the registry would collect all values to learn their names."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily(
            "nearsay_build", "The running version.", {"version": version("nearsay")}
        )
        for (name, text), function in self._functions.items():
            try:
                yield GaugeMetricFamily(name, text, function())
            except Exception:
                logger.exception("gauge %s failed", name)
        yield self._queries()
        yield from self._ledger()

    def _queries(self) -> Metric:
        cache_stats = self._embedder.cache_stats
        family = CounterMetricFamily(
            "nearsay_query_vectors",
            "Queries, by whether their vector was computed or came from the cache.",
            labels=["vector"],
        )
        family.add_metric(["cached"], cache_stats.hits)
        family.add_metric(["computed"], cache_stats.misses)
        return family

    def _ledger(self) -> Iterator[Metric]:
        try:
            yield from [*self._index(), _gauge("ledger_up", _UP, 1)]
        except NearsayError:
            yield _gauge("ledger_up", _UP, 0)

    def _index(self) -> Iterator[Metric]:
        ledger = self._store.ledger
        pointer = ledger.generations.pointer()
        building = ledger.lease.building() is not None
        troubles = (
            "Damaged components and failed generation switches reported by `/near-admin status`."
        )
        yield _gauge("reindex_running", "Whether a process is building a generation.", building)
        yield _gauge(
            "reindex_paused", "Whether scheduled reindexing waits for an admin.", pointer.paused
        )
        yield _gauge("troubles", troubles, len(self._store.troubles))
        if pointer.generation is None:
            return
        record = ledger.generations.get(pointer.generation)
        if not record.can_be_opened:
            return
        manifest = Manifest.from_json(record.manifest)
        yield InfoMetricFamily(
            "nearsay_generation",
            "The current generation and its model.",
            {"generation": record.name, "model": manifest.fingerprint.name},
        )
        of = "of the current generation."
        built = record.built.timestamp()
        yield _gauge("generation_built_timestamp_seconds", f"Build time {of}", built)
        yield _gauge("generation_entries", f"Entries {of}", manifest.entries)
        yield _gauge("generation_passages", f"Passages {of}", manifest.passages)
        if "seconds" in record.outcome:
            seconds = float(record.outcome["seconds"])
            yield _gauge(
                "reindex_duration_seconds",
                "Duration of the reindex that built the current generation.",
                seconds,
            )


_UP = "Whether the ledger can be read."


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"nearsay_{name}", text, value)
