"""Admin commands: replies, permissions and the audit log."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.scheduler import SCHEDULE
from bot.commands.spec import Request
from bot.identity import ANONYMOUS, User
from bot.indexing import Indexer
from bot.replies.admin import AuditLog, GenerationList, Status
from bot.replies.base import Problem
from index.build.reindex import Plan, ReindexResult
from index.errors import LedgerError
from index.export.exported import ExportResult
from index.sources.source import Source
from tests.unit.bot.admin import ADA, CLEO, write


def request(verb: str, text: str = "", **options: Any) -> Request:
    return Request("near-admin", text, {k.replace("_", "-"): v for k, v in options.items()}, verb)


@pytest.fixture
def admin(indexer: Indexer) -> AdminService:
    return AdminService(indexer)


NONE = "0 added, 0 changed, 0 removed"


def log(admin: AdminService) -> list[tuple[str, str, str, str]]:
    """Return the audit log as (user, action, outcome, detail), oldest first."""
    reply = admin.answer(request("log", n=100), ADA)
    assert isinstance(reply, AuditLog)
    return [(r.who, r.action, r.outcome, r.detail) for r in reply.records[::-1]]


def reindexed(admin: AdminService, actor: User = ADA, **options: Any) -> ReindexResult:
    reply = admin.answer(request("reindex", **options), actor)
    assert isinstance(reply, ReindexResult), reply
    return reply


def test_non_admins_are_refused_and_the_refusal_is_logged(admin: AdminService) -> None:
    verbs = ("status", "reindex", "generations", "rollback", "keep", "export", "log", "stats")
    for verb in verbs:
        reply = admin.answer(request(verb), CLEO)
        assert isinstance(reply, Problem)
        assert (reply.code, "U3" in reply.hint) == ("not_admin", True)
    assert log(admin) == [("cleo (U3)", verb, "refused", "not an admin") for verb in verbs]
    assert isinstance(admin.answer(request("status"), ANONYMOUS), Problem)


def test_changes_and_exports_are_logged_with_the_command_options(
    admin: AdminService, bundled: Path
) -> None:
    assert isinstance(admin.answer(request("status"), ADA), Status)
    assert isinstance(admin.answer(request("generations"), ADA), GenerationList)
    assert isinstance(admin.answer(request("reindex", dry_run="yes"), ADA), Plan)
    assert log(admin) == [], "read-only commands are not logged"
    write(bundled, "Mast")
    reindexed(admin)
    reindexed(admin, full="yes")
    admin.answer(request("rollback", "g000002", **{"from": "g000003"}), ADA)
    admin.answer(request("keep"), ADA)
    assert isinstance(admin.answer(request("export", **{"as": "csv"}), ADA), ExportResult)
    assert log(admin) == [
        ("ada (U1)", "reindex", "done", "1 added, 0 changed, 0 removed; passages embedded: 3"),
        ("ada (U1)", "reindex --full", "done", f"{NONE}; passages embedded: 12"),
        ("ada (U1)", "rollback g000002 from=g000003", "done", "from g000003 to g000002"),
        ("ada (U1)", "keep", "done", ""),
        ("ada (U1)", "export as=csv", "done", "4 entries as csv"),
    ]


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
    assert "It failed with " in log(admin)[0][3]


def test_file_modes_are_unchanged_when_the_audit_log_cannot_be_written(
    admin: AdminService,
    indexer: Indexer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> None:
        raise LedgerError("The disk is full.")

    monkeypatch.setattr(indexer.store.ledger.audit, "note", full)
    refused = admin.answer(request("keep"), CLEO)
    assert isinstance(refused, Problem)
    assert refused.code == "not_admin"
    assert not isinstance(admin.answer(request("keep"), ADA), Problem)
    assert "audit record of an action by U3 not written" in caplog.text


def test_a_reindex_compares_answers_and_status_shows_the_differences(
    admin: AdminService, bundled: Path
) -> None:
    write(bundled, "Mast", "A tall pole.")
    done = reindexed(admin)
    assert done.churn is not None
    assert (done.churn.questions, done.churn.changed) == (4, 4)
    assert done.churn.worst[0].question.startswith("Who needs a ")
    status = admin.answer(request("status"), ADA)
    assert isinstance(status, Status)
    assert status.last["churn"]["changed"] == 4
    assert status.by == "ada (U1)"


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
    for message in ("The reindex was stopped; x", "The index is already being built by x"):
        harmless = Problem(code="x", message=message)
        with monkeypatch.context() as patch:
            patch.setattr(Indexer, "run", lambda *_, harmless=harmless, **__: harmless)
            admin.answer(request("reindex"), ADA)  # the index did not change
    assert len(health(admin)) == 1
    reindexed(admin)
    assert health(admin) == ()


def test_watched_paths_are_the_existing_source_paths(indexer: Indexer, bundled: Path) -> None:
    sources = (
        Source("words", str(bundled)),
        Source("file", str(bundled / "sail.md")),
        Source("pattern", str(bundled / "*" / "x?.md")),
        Source("gone", str(bundled / "nothing.md")),
    )
    admin = AdminService(replace(indexer, sources=sources))
    assert admin.watched_paths() == [bundled, bundled / "sail.md"]
