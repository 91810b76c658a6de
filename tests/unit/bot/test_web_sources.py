"""Glossaries on the web: indexed, updated, kept when the web fails, and removed."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.status import status_of
from bot.commands.spec import Request
from bot.identity import OPERATOR
from bot.indexing import COPIES, Indexer, IndexRequest
from bot.rendering.common import reply_lines
from bot.replies.base import Problem
from index.indexing.reindex import Plan, ReindexResult
from index.sources.parser_process import ParserProcess
from index.sources.source import Source, SourceReport
from index.sources.web.fetcher import Fetcher
from tests.support.web_server import HOST, WebServer, local_fetcher, running_server, server

__all__ = ["running_server", "server"]

TABLE = b"term,definition\nMast,A tall pole.\n"
SECOND = b"term,definition\nMast,A tall pole.\nHawser,A thick rope.\n"


@pytest.fixture(autouse=True)
def table(server: WebServer) -> None:
    server.serve("/glossary.csv", TABLE, ETag='"1"')


@pytest.fixture
def terms(server: WebServer) -> Source:
    return Source.parse(f"terms={server.address('/glossary.csv?key=s3cret-key')}")


@pytest.fixture
def web_indexer(indexer: Indexer, server: WebServer) -> Indexer:
    return replace(indexer, fetcher=local_fetcher())


def run(indexer: Indexer, *sources: Source, **options: object) -> ReindexResult:
    reply = indexer.run(IndexRequest(extra=sources, **options))  # type: ignore[arg-type]
    assert isinstance(reply, ReindexResult), reply
    assert "s3cret" not in repr(reply)
    return reply


def report_on(done: ReindexResult | Plan, name: str = "terms") -> SourceReport:
    return next(report for report in done.sources if report.name == name)


def own_terms(indexer: Indexer) -> list[str]:
    entries = indexer.store.current().entries.values()
    return sorted(entry.term for entry in entries if entry.source == "terms")


def test_a_glossary_on_the_web_is_indexed_and_follows_its_file(
    web_indexer: Indexer, server: WebServer, terms: Source
) -> None:
    report = report_on(run(web_indexer, terms))
    shown = f"{HOST}:{server.server_port}/glossary.csv"
    assert (report.path, report.entries, report.refused) == (shown, 1, ())
    server.serve("/glossary.csv", SECOND, ETag='"2"')
    assert report_on(run(web_indexer)).entries == 2
    assert own_terms(web_indexer) == ["Hawser", "Mast"]
    assert web_indexer.known_sources() == [terms]


def test_an_unchanged_file_is_not_parsed_again(
    web_indexer: Indexer, server: WebServer, terms: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(web_indexer, terms)
    monkeypatch.setattr(ParserProcess, "parse", None)
    again = run(web_indexer)
    assert (again.generation, report_on(again).unchanged) == (first.generation, 1)
    assert server.requests[-1][1]["If-None-Match"] == '"1"'
    server.serve("/glossary.csv", TABLE, ETag='"2"')  # the same content, sent again
    assert report_on(run(web_indexer)).unchanged == 1


@pytest.mark.parametrize("copy_lost", [False, True])
def test_a_failed_fetch_keeps_the_entries_and_says_so(
    web_indexer: Indexer, server: WebServer, terms: Source, copy_lost: bool, tmp_path: Path
) -> None:
    rows = TABLE + b",A row without a term.\n"
    server.serve("/glossary.csv", rows)
    assert [one.line for one in report_on(run(web_indexer, terms)).refused] == [3]
    if copy_lost:
        for file in (tmp_path / "data" / COPIES).glob("*/*"):
            file.unlink()
    server.serve("/glossary.csv", status=500)
    (tmp_path / "ropes.csv").write_text("term,definition\nSheet,A rope on a sail.\n")
    for _ in range(2):
        done = run(web_indexer, Source("ropes", str(tmp_path / "ropes.csv")))
        report = report_on(done)
        assert own_terms(web_indexer) == ["Mast"]
        assert report_on(done, "ropes").entries == 1, "other sources are read"
        assert report.entries == 1
        fault, row = report.refused
        assert fault.path == row.path == f"{HOST}:{server.server_port}/glossary.csv"
        assert fault.reason == (
            "its host answered 500 (internal server error). Its entries stay as they were last read"
        )
        assert fault.hint == "Its host may be down: it is fetched again by the next reindex."
        assert row.line == 3
    server.serve("/glossary.csv", SECOND)
    assert len(report_on(run(web_indexer)).refused) == 0
    assert own_terms(web_indexer) == ["Hawser", "Mast"]


def test_a_damaged_file_keeps_the_entries_too(
    web_indexer: Indexer, server: WebServer, terms: Source
) -> None:
    run(web_indexer, terms)
    server.serve("/glossary.csv", b"\x00\x01")
    (fault,) = report_on(run(web_indexer)).refused
    assert fault.path == f"{HOST}:{server.server_port}/glossary.csv"
    assert "stay as they were last read" in fault.reason
    assert own_terms(web_indexer) == ["Mast"]


def test_a_source_that_was_never_fetched_is_not_added(
    web_indexer: Indexer, server: WebServer, terms: Source
) -> None:
    server.serve("/glossary.csv", status=404)
    reply = web_indexer.run(IndexRequest(extra=[terms]))
    assert isinstance(reply, Problem)
    assert reply.message == (
        f"{HOST}:{server.server_port}/glossary.csv: its host answered 404 (not found)"
    )
    assert web_indexer.known_sources() == []


def test_a_new_address_that_fails_does_not_replace_the_source_of_that_name(
    web_indexer: Indexer, server: WebServer, terms: Source
) -> None:
    run(web_indexer, terms)
    other = Source("terms", server.address("/gone.csv"))
    assert isinstance(web_indexer.run(IndexRequest(extra=[other])), Problem)
    assert web_indexer.known_sources() == [terms]


@pytest.mark.parametrize("hosts", [(), ("other.example",)])
def test_without_its_host_in_the_setting_nothing_is_fetched(
    indexer: Indexer, server: WebServer, terms: Source, hosts: tuple[str, ...]
) -> None:
    reply = replace(indexer, fetcher=Fetcher(hosts)).run(IndexRequest(extra=[terms]))
    assert isinstance(reply, Problem)
    assert "NEARSAY_SOURCE_HOSTS" in reply.message
    assert HOST in (reply.hint or "")
    assert server.requests == []


def test_a_reindex_of_another_source_fetches_nothing(
    web_indexer: Indexer, server: WebServer, terms: Source, tmp_path: Path
) -> None:
    run(web_indexer, terms)
    server.requests.clear()
    (tmp_path / "ropes.csv").write_text("term,definition\nSheet,A rope on a sail.\n")
    done = run(web_indexer, Source("ropes", str(tmp_path / "ropes.csv")), only=["ropes"])
    assert report_on(done).entries == 1
    assert server.requests == []


def test_a_removed_source_leaves_no_copy(
    web_indexer: Indexer, terms: Source, tmp_path: Path
) -> None:
    run(web_indexer, terms)
    assert list((tmp_path / "data" / COPIES).iterdir())
    run(web_indexer, remove=["terms"])
    assert web_indexer.known_sources() == []
    assert not list((tmp_path / "data" / COPIES).iterdir())


def test_status_and_the_audit_log_show_the_host_and_no_query(
    web_indexer: Indexer, server: WebServer, terms: Source
) -> None:
    run(web_indexer, terms)
    status = status_of(web_indexer)
    (line,) = [line for line in reply_lines(status) if line.startswith("terms: ")]
    assert line == f"terms: 1 entry from {HOST}"
    assert not status.health
    server.serve("/glossary.csv", status=404)
    run(web_indexer)
    status = status_of(web_indexer)
    (fault,) = status.health
    assert fault == (
        f"The source terms is not fetched. {HOST}:{server.server_port}/glossary.csv: its host "
        "answered 404 (not found). Correct the address, or remove the source with: nearsay index "
        "--remove NAME"
    )
    assert "s3cret" not in repr(status) + str(terms)
    server.serve("/glossary.csv", TABLE)
    run(web_indexer)
    assert not status_of(web_indexer).health


def test_a_reindex_fetches_sources_from_the_web(
    web_indexer: Indexer, server: WebServer, terms: Source
) -> None:
    run(web_indexer, terms)
    administration = AdminService(web_indexer)
    server.serve("/glossary.csv", SECOND)
    administration.answer(Request("near-admin", "", verb="reindex"), OPERATOR)
    assert own_terms(web_indexer) == ["Hawser", "Mast"]


def test_a_dry_run_fetches_and_changes_no_entry(web_indexer: Indexer, terms: Source) -> None:
    planned = web_indexer.run(IndexRequest(extra=[terms], dry_run=True))
    assert isinstance(planned, Plan)
    assert (planned.added, report_on(planned).first) == (1, "Mast: A tall pole.")
    assert web_indexer.known_sources() == []
