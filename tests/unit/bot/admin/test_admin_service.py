"""Admin commands: replies, permissions and the audit log."""

from pathlib import Path
from typing import Any

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.scheduler import SCHEDULE
from bot.commands.catalog import command_named
from bot.commands.spec import Request
from bot.identity import User
from bot.indexing import Indexer
from bot.rendering.admin import lines_of
from bot.replies.admin import AuditLog, Status
from bot.replies.base import Problem
from index.errors import LedgerError, NearsayError, NotFound
from index.indexing.reindex import ReindexResult
from tests.support.command_line import write
from tests.unit.bot.admin import ADA, CLEO


def request(verb: str, text: str = "", **options: Any) -> Request:
    return Request("near-admin", text, {k.replace("_", "-"): v for k, v in options.items()}, verb)


@pytest.fixture
def admin(indexer: Indexer) -> AdminService:
    return AdminService(indexer)


def log(admin: AdminService) -> list[tuple[str, str, str, str]]:
    """Return the audit log as (user, action, outcome, detail), oldest first."""
    reply = admin.answer(request("log", n=100), ADA)
    assert isinstance(reply, AuditLog)
    return [(r.who, r.action, r.outcome, r.detail) for r in reply.records[::-1]]


def reindexed(admin: AdminService, actor: User = ADA, **options: Any) -> ReindexResult:
    reply = admin.answer(request("reindex", **options), actor)
    assert isinstance(reply, ReindexResult), reply
    return reply


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError("no")])
def test_an_interrupted_command_is_logged_and_raised(
    admin: AdminService, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Indexer, "run", breaks)
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        admin.answer(request("reindex"), ADA)
    assert [record[1:3] for record in log(admin)] == [("reindex", "failed")]
    stopped = error is KeyboardInterrupt
    assert ("It was stopped." if stopped else "It failed with ") in log(admin)[0][3]


def test_commands_work_when_the_audit_log_cannot_be_written(
    admin: AdminService,
    indexer: Indexer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> None:
        raise LedgerError("The disk is full.")

    monkeypatch.setattr(indexer.store.ledger.audit, "note", full)
    resume = request("reindex", resume="yes")
    refused = admin.answer(resume, CLEO)
    assert isinstance(refused, Problem)
    assert refused.code == "not_admin"
    assert not isinstance(admin.answer(resume, ADA), Problem)
    assert "audit record of an action by U3 not written" in caplog.text


def test_a_failed_comparison_does_not_fail_the_reindex(
    admin: AdminService, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.admin.admin_service.churn", breaks)
    write(bundled, "Mast")
    done = reindexed(admin)
    assert (done.generation, done.churn) == ("g000002", None)


def test_scheduled_reindexes_are_logged_if_they_change_the_index_or_fail(
    admin: AdminService, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindexed(admin, SCHEDULE)
    assert log(admin) == []
    write(bundled, "Mast")
    reindexed(admin, SCHEDULE)
    monkeypatch.setattr(Indexer, "run", lambda *_, **__: Problem(code="x", message="No room."))
    admin.answer(request("reindex"), SCHEDULE)
    for code in ("paused", "store_busy"):  # logged only when an admin asked for it
        waits = Problem(code=code, message="Wait.")
        monkeypatch.setattr(Indexer, "run", lambda *_, waits=waits, **__: waits)
        admin.answer(request("reindex"), SCHEDULE)
    admin.answer(request("reindex"), ADA)
    assert [record[:3] for record in log(admin)] == [
        ("schedule", "reindex", "done"),
        ("schedule", "reindex", "failed"),
        ("ada (U1)", "reindex", "failed"),
    ]


def health(admin: AdminService) -> tuple[str, ...]:
    status = admin.answer(request("status"), ADA)
    assert isinstance(status, Status)
    return status.health


def test_log_shows_one_outcome_and_health_survives_many_refusals(
    admin: AdminService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Indexer, "run", lambda *_, **__: Problem(code="x", message="No room."))
        admin.answer(request("reindex"), SCHEDULE)
    for number in range(150):
        admin.answer(Request("near-admin", "", {"n": number}, "log"), CLEO)
    assert "The last reindex failed" in health(admin)[0]
    reply = admin.answer(request("log", outcome="failed"), ADA)
    assert isinstance(reply, AuditLog)
    assert [record.outcome for record in reply.records] == ["failed"]
    reply = admin.answer(request("log", outcome="refused"), ADA)
    assert isinstance(reply, AuditLog)
    assert sum(record.times for record in reply.records) == 150
    assert "refused 141 times" in " ".join(lines_of(reply))
    with pytest.raises(NotFound, match="no outcome"):
        admin.answer(request("log", outcome="odd"), ADA)


def test_health_reports_a_failed_reindex_until_one_succeeds(
    admin: AdminService, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Indexer, "run", lambda *_, **__: Problem(code="x", message="No room."))
        admin.answer(request("reindex"), SCHEDULE)
    (problem,) = health(admin)
    assert problem.startswith("The last reindex failed, ")
    assert problem.endswith(": No room.")
    admin.answer(request("reindex"), CLEO)  # refused, so the index was not touched
    admin.answer(request("reindex", "nothing"), ADA)  # wrong usage
    for message in (
        "The reindex was stopped; x",
        "It was stopped.",
        "The index is already being built by x",
    ):
        harmless = Problem(code="x", message=message)
        with monkeypatch.context() as patch:
            patch.setattr(Indexer, "run", lambda *_, harmless=harmless, **__: harmless)
            admin.answer(request("reindex"), ADA)  # the index did not change
    assert len(health(admin)) == 1
    reindexed(admin)
    assert health(admin) == ()


@pytest.mark.parametrize("verb", [verb.name for verb in command_named("near-admin").verbs])
def test_every_verb_of_the_catalogs_has_its_own_code(admin: AdminService, verb: str) -> None:
    try:
        reply = admin.answer(request(verb, "Nothing"), ADA)
    except NearsayError:
        return
    assert isinstance(reply, AuditLog) == (verb == "log")


@pytest.mark.parametrize("verb", ["dance", ""])
def test_a_verb_without_code_is_an_error_and_shows_no_log(admin: AdminService, verb: str) -> None:
    with pytest.raises(ValueError, match="no code for the verb"):
        admin.answer(request(verb), ADA)
