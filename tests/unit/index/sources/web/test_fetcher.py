"""Fetching from a server: redirects, failures, formats and unchanged files."""

import logging
from http.server import BaseHTTPRequestHandler

import pytest

from index.errors import FetchError
from index.sources.web.fetcher import FetchedFile, Validators
from index.sources.web_address import WebAddress
from tests.support.web_server import (
    HOST,
    WebServer,
    closed_port,
    local_fetcher,
    running_server,
    server,
)
from tests.unit.index.sources.web.fetching import CSV, fetch, refused

__all__ = ["running_server", "server"]


def test_a_file_is_fetched_with_its_query_and_without_other_data(server: WebServer) -> None:
    server.serve("/glossary.csv", CSV)
    assert fetch(server, "/glossary.csv?key=s3cret") == FetchedFile(CSV, ".csv", Validators())
    ((path, headers),) = server.requests
    assert path == "/glossary.csv?key=s3cret"
    assert headers == {
        "Host": f"{HOST}:{server.server_port}",
        "User-Agent": "nearsay",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }


@pytest.mark.parametrize("hosts", [(), ("other.example",)])
def test_only_allowed_hosts_are_asked(server: WebServer, hosts: tuple[str, ...]) -> None:
    fetcher = local_fetcher()
    fetcher.hosts = hosts
    text = refused(server, fetcher=fetcher)
    assert "NEARSAY_SOURCE_HOSTS" in text.partition("|")[0]
    assert HOST in text.partition("|")[2]
    assert server.requests == []


def test_a_redirect_to_an_allowed_host_is_followed(server: WebServer) -> None:
    there = server.address("/doc.csv?key=2", "one.pages.example")
    server.serve("/glossary.csv", status=307, Location=there)
    server.serve("/doc.csv", status=302, Location="/last")
    server.serve("/last", CSV)
    found = fetch(server, fetcher=local_fetcher(HOST, "*.pages.example"))
    assert found == FetchedFile(CSV, ".csv", Validators())


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("https://sheet.example/s3cret?key=s3cret", "redirects to sheet.example, which NEARSAY_"),
        ("http://terms.example/s3cret", "that does not start with https://"),
        ("//sheet.example/s3cret", "redirects to sheet.example"),
        ("https://s3cret@terms.example/", "user name or password"),
        ("file:///etc/passwd", "that does not start with https://"),
        ("https://127.0.0.1/", "redirects to 127.0.0.1"),
        ("https://[::1", "that is not valid"),
    ],
)
def test_a_redirect_elsewhere_is_refused(server: WebServer, location: str, why: str) -> None:
    server.serve("/glossary.csv", status=302, Location=location)
    assert why in refused(server)
    assert len(server.requests) == 1


def test_a_redirect_to_a_host_with_a_private_address_is_refused(server: WebServer) -> None:
    server.serve("/glossary.csv", status=302, Location=server.address("/", "sheet.example"))
    fetcher = local_fetcher(
        HOST,
        "sheet.example",
        resolver=lambda host, _: ["127.0.0.1" if host == HOST else "127.0.0.2"],
        is_public=lambda address: address == "127.0.0.1",
    )
    assert "an address that is not public" in refused(server, fetcher=fetcher)
    assert len(server.requests) == 1


def test_the_name_of_a_redirect_is_resolved_and_checked_again(server: WebServer) -> None:
    """A name that leads to another address after the first check is refused by the second."""
    away = server.address("/", f"{HOST}").replace(str(server.server_port), str(closed_port()))
    server.serve("/glossary.csv", status=302, Location=away)
    answers = ["127.0.0.1", "10.0.0.1"]
    fetcher = local_fetcher(
        resolver=lambda *_: [answers.pop(0)], is_public=lambda address: address == "127.0.0.1"
    )
    assert "an address that is not public" in refused(server, fetcher=fetcher)


def test_redirects_end_after_five(server: WebServer) -> None:
    server.serve("/glossary.csv", status=301, Location="/glossary.csv")
    assert "redirects more than 5 times" in refused(server)
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("status", "why", "cure"),
    [
        (404, "answered 404 (not found)", "Correct the address"),
        (410, "answered 410 (gone)", "Correct the address"),
        (401, "answered 401 (unauthorized)", "readable without signing in"),
        (403, "answered 403 (forbidden)", "readable without signing in"),
        (429, "answered 429 (too many requests)", "by the next reindex"),
        (500, "answered 500 (internal server error)", "by the next reindex"),
        (304, "answered 304 (not modified)", "Correct the address"),
        (206, "answered 206 (partial content)", "Correct the address"),
        (599, "answered 599", "by the next reindex"),
    ],
)
def test_an_answer_without_the_file_says_what_to_do(
    server: WebServer, status: int, why: str, cure: str
) -> None:
    server.serve("/glossary.csv", CSV if status != 304 else b"", status)
    text = refused(server)
    assert why in text
    assert cure in text


def test_a_certificate_that_is_not_trusted_is_refused(server: WebServer) -> None:
    server.serve("/glossary.csv", CSV)
    assert "certificate of its host is not valid" in refused(
        server, fetcher=local_fetcher(context=None)
    )
    assert server.requests == []


def test_a_certificate_of_another_host_is_refused(server: WebServer) -> None:
    fetcher = local_fetcher("other.example")
    with pytest.raises(FetchError, match=r"certificate of its host is not valid \(.*mismatch"):
        fetcher.fetch(WebAddress.parse(server.address(host="other.example")), Validators())
    assert server.requests == []


def test_a_host_that_does_not_answer_is_named(server: WebServer) -> None:
    address = f"https://{HOST}:{closed_port()}/x.csv"
    with pytest.raises(FetchError, match=r"cannot be reached \(Connection refused\)"):
        local_fetcher().fetch(WebAddress.parse(address), Validators())


def test_a_name_without_a_host_is_reported(server: WebServer) -> None:
    def nowhere(*_: object) -> list[str]:
        raise OSError

    assert "its host was not found" in refused(server, fetcher=local_fetcher(resolver=nowhere))


def test_a_connection_that_breaks_is_reported(server: WebServer) -> None:
    def break_off(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nterm")

    server.pages["/glossary.csv"] = break_off
    assert "the connection broke" in refused(server)


def test_an_unchanged_file_is_not_sent_again(server: WebServer) -> None:
    server.serve("/glossary.csv", CSV, ETag='"1"', Last_Modified="Tue, 01 Dec 2026 10:00:00 GMT")
    found = fetch(server)
    assert found is not None
    assert found.validators == Validators('"1"', "Tue, 01 Dec 2026 10:00:00 GMT")
    assert fetch(server, known=found.validators) is None
    sent = server.requests[-1][1]
    assert sent["If-None-Match"] == '"1"'
    assert sent["If-Modified-Since"] == "Tue, 01 Dec 2026 10:00:00 GMT"
    server.serve("/glossary.csv", b"term,definition\nSail,Cloth.\n", ETag='"2"')
    found = fetch(server, known=found.validators)
    assert found is not None
    assert (found.data[-7:], found.validators) == (b"Cloth.\n", Validators('"2"'))


@pytest.mark.parametrize("etag", ["x" * 501, "caf\xe9"])
def test_an_odd_validator_is_not_kept(server: WebServer, etag: str) -> None:
    server.serve("/glossary.csv", CSV, ETag=etag)
    assert fetch(server) == FetchedFile(CSV, ".csv", Validators())


@pytest.mark.parametrize(
    ("path", "kind", "suffix"),
    [
        ("/x.json", "text/csv", ".json"),
        ("/x.CSV", "application/octet-stream", ".csv"),
        ("/export", "text/csv; charset=utf-8", ".csv"),
        ("/export.php", "TEXT/CSV", ".csv"),
        ("/", "text/markdown", ".md"),
        ("/x", "text/html", ".html"),
        ("/x", "text/plain", ".txt"),
        ("/x", "application/json", ".json"),
        ("/x", "application/yaml", ".yaml"),
        ("/x", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
        ("/x", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ],
)
def test_the_format_is_that_of_the_path_or_of_the_content_type(
    server: WebServer, path: str, kind: str, suffix: str
) -> None:
    server.serve(path, CSV, Content_Type=kind)
    assert fetch(server, path) == FetchedFile(CSV, suffix, Validators())


@pytest.mark.parametrize(("kind", "said"), [("application/pdf", '"application/pdf"'), ("", "none")])
def test_an_unknown_format_is_refused(server: WebServer, kind: str, said: str) -> None:
    headers = {"Content_Type": kind} if kind else {}
    server.serve("/export", CSV, 200, **headers)
    assert f"its content type is {said}" in refused(server, "/export")


def test_a_login_page_in_place_of_a_table_is_refused(server: WebServer) -> None:
    server.serve("/glossary.csv", b"\n<!DOCTYPE html><title>Sign in</title>")
    assert "is a web page, not a .csv file" in refused(server)
    server.serve("/glossary.html", b"\n<!DOCTYPE html><title>Terms</title>")
    assert fetch(server, "/glossary.html") is not None


def test_no_log_line_has_a_query(server: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    server.serve("/glossary.csv", status=500)
    refused(server)
    assert "s3cret" not in caplog.text
