"""What is counted and timed, for Prometheus; `/metrics` shows it (`bot.health`).

Names follow Prometheus' conventions: seconds, and `_total` for what only grows. Every label comes
from a short list of our own (commands, kinds of replies, codes of problems), never from what people
write or who they are. What is the case at the moment is read when asked for: `bot.gauges`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from bot.commands.catalog import COMMANDS
from bot.commands.spec import Request
from bot.replies import Problem, Reply

CONTENT_TYPE = CONTENT_TYPE_LATEST

disable_created_metrics()  # type: ignore[no-untyped-call] # it doubles the series

_ANSWERING = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_ACKNOWLEDGING = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)

REQUESTS = Counter(
    "nearsay_requests_total",
    "Lines that were answered, by command, by verb where it has some, and by the kind of the "
    "reply or the code of the problem.",
    ["command", "verb", "outcome"],
)
REQUEST_SECONDS = Histogram(
    "nearsay_request_duration_seconds",
    "Time from a line to its reply, without what Slack takes.",
    ["command"],
    buckets=_ANSWERING,
)
ACKNOWLEDGEMENT_SECONDS = Histogram(
    "nearsay_acknowledgement_duration_seconds",
    "Time from a delivery of Slack to its acknowledgement; Slack waits three seconds.",
    buckets=_ACKNOWLEDGING,
)
QUEUE_SECONDS = Histogram(
    "nearsay_queue_wait_seconds",
    "Time that an acknowledged delivery waits for a worker.",
    buckets=_ANSWERING,
)
SLACK_RETRIES = Counter(
    "nearsay_slack_retries_total",
    "Deliveries that Slack says it sends again.",
)
SOCKET_RECONNECTS = Counter(
    "nearsay_socket_reconnects_total",
    "Sockets opened in the place of another: one that Slack announced to close, or one that "
    "dropped.",
    ["cause"],
)
REPLIES_NOT_SENT = Counter(
    "nearsay_replies_not_sent_total",
    "Attempts to send a reply that Slack did not take, by the way it went.",
    ["way"],
)
REINDEXES = Counter(
    "nearsay_reindexes_total",
    "Reindexes of this process, by what came of them.",
    ["outcome"],
)
PASSAGES = Counter(
    "nearsay_indexed_passages_total",
    "Passages of new generations, by whether their vector was computed or came from the cache.",
    ["vector"],
)

# What is 0 from the beginning can be seen to grow: an alert would else miss the first time.
for _command in COMMANDS:
    for _verb in [verb.name for verb in _command.verbs] or [""]:
        REQUESTS.labels(_command.name, _verb, "internal")
for _cause in ("announced", "dropped"):
    SOCKET_RECONNECTS.labels(_cause)
for _way in ("response_url", "conversation", "modal"):
    REPLIES_NOT_SENT.labels(_way)


@contextmanager
def timed(histogram: Histogram) -> Iterator[None]:
    """Times the block, however it ends."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        histogram.observe(time.perf_counter() - begun)


def count_request(request: Request | None, reply: Reply, seconds: float) -> None:
    """Counts a line that was answered; `request` is None where it was not understood."""
    command = request.command if request else "none"
    verb = (request.verb or "") if request else ""
    REQUESTS.labels(command, verb, outcome_of(reply)).inc()
    REQUEST_SECONDS.labels(command).observe(seconds)


def outcome_of(reply: Reply) -> str:
    """The kind of a reply, or the code of a problem."""
    return reply.code if isinstance(reply, Problem) else reply.kind


def exposition() -> bytes:
    """All of it as Prometheus reads it."""
    return generate_latest(REGISTRY)
