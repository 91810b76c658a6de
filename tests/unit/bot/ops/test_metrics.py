"""Metrics: names and labels that Prometheus accepts, and no label taken from user text."""

from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.assistant import Assistant
from bot.commands.catalog import COMMANDS
from bot.ops.metrics import Gauges
from index.embedding.embedder import CacheStats
from index.errors import LedgerError
from index.storage import Store
from tests.support.toy import ToyEmbedder


def count(**labels: str) -> float:
    return REGISTRY.get_sample_value("nearsay_requests_total", labels) or 0.0


def samples() -> dict[str, list[tuple[dict[str, str], float]]]:
    """Return the samples of `/metrics` by metric name."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(generate_latest().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


@pytest.mark.parametrize(
    ("line", "command", "verb", "outcome"),
    [
        ("/near anchor", "near", "", "neighbours"),
        ("/define nothing of the kind", "define", "", "not_found"),
        ("/latent compare anchor | buoy", "latent", "compare", "comparison"),
        ("/near-admin status", "near-admin", "status", "not_admin"),
        ("/neer anchor", "none", "", "unknown_command"),
        ("/near", "none", "", "empty"),
    ],
)
def test_each_request_is_counted_once_by_its_outcome(
    desk: Assistant, line: str, command: str, verb: str, outcome: str
) -> None:
    labels = {"command": command, "verb": verb, "outcome": outcome}
    before = count(**labels)
    desk.ask(line)
    assert count(**labels) == before + 1


def test_labels_come_from_the_command_table_and_reply_kinds(desk: Assistant) -> None:
    for line in ("/near zebra-crossing", "zebra?", "/define zebra", "/near-admin zebra", "/zebra"):
        desk.ask(line)
    commands = {command.name for command in COMMANDS} | {"none"}
    verbs = {verb.name for command in COMMANDS for verb in command.verbs} | {""}
    for labels, _ in samples()["nearsay_requests_total"]:
        assert labels["command"] in commands
        assert labels["verb"] in verbs
    assert b"zebra" not in generate_latest()


class CachingEmbedder(ToyEmbedder):
    """An embedder that found the vectors of two in five queries in its cache."""

    @property
    def cache_stats(self) -> CacheStats:
        return CacheStats(2, 3)


@pytest.fixture
def gauges(harbour_store: Store) -> Iterator[Gauges]:
    readings = {
        ("nearsay_broken", "One that fails and is left out."): lambda: 1 / 0,
        ("nearsay_inbox_waiting", "Waiting."): lambda: 3.0,
    }
    made = Gauges(harbour_store, CachingEmbedder(), readings)
    yield made
    made.close()


def test_gauges_report_the_state_of_the_index(gauges: Gauges, harbour_store: Store) -> None:
    shown = samples()
    generation = harbour_store.current()
    ((labels, one),) = shown["nearsay_generation_info"]
    assert (labels, one) == ({"generation": generation.id, "model": generation.model}, 1)
    assert shown["nearsay_generation_entries"][0][1] == generation.manifest.entries
    assert shown["nearsay_ledger_up"][0][1] == 1
    assert shown["nearsay_inbox_waiting"][0][1] == 3
    assert "nearsay_broken" not in shown
    vectors = {labels["vector"]: n for labels, n in shown["nearsay_query_vectors_total"]}
    assert vectors == {"cached": 2, "computed": 3}
    with harbour_store.writing("somebody"):
        assert samples()["nearsay_reindex_running"][0][1] == 1
    assert samples()["nearsay_reindex_running"][0][1] == 0


def test_other_gauges_are_exported_when_the_ledger_cannot_be_read(
    gauges: Gauges, harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("The ledger is gone.")

    monkeypatch.setattr(type(harbour_store.ledger.generations), "pointer", fail)
    shown = samples()
    assert shown["nearsay_ledger_up"][0][1] == 0
    assert "nearsay_generation_info" not in shown
    assert shown["nearsay_inbox_waiting"][0][1] == 3


def test_closed_gauges_are_not_exported(harbour_store: Store) -> None:
    Gauges(harbour_store, CachingEmbedder(), {}).close()
    shown = samples()
    assert "nearsay_ledger_up" not in shown
