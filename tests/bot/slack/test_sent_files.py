"""Files that were sent to the bot: which are looked at, and from where they are fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest

from bot.admin.uploads import LARGEST
from bot.slack.sent_files import (
    Downloads,
    NotFetched,
    SentFile,
    as_line,
    from_line,
    glossaries_in,
)

TOKEN = "xoxb-secret"


class Files(BaseHTTPRequestHandler):
    """Answers by the path that is asked for, and notes who asked with what."""

    seen: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Authorization", "")))
        if "away" in self.path:
            self.send_response(302)
            self.send_header("Location", "/stolen")
            self.end_headers()
            return
        status = 404 if "gone" in self.path else 200
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if "login" in self.path else "text/csv")
        self.end_headers()
        self.wfile.write(b"x" * (LARGEST + 1) if "huge" in self.path else b"a,b\n")

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Files) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()


@pytest.fixture
def server(address: str) -> str:
    """The address of a server that has been asked for nothing."""
    Files.seen = []
    return address


def file(url: str, name: str = "x.csv", size: int = 0) -> SentFile:
    return SentFile("F1", name, size, url)


def test_a_file_is_fetched_with_the_token(server: str) -> None:
    downloads = Downloads(TOKEN, f"{server}/api/")
    assert downloads.fetch(file(f"{server}/files-pri/T-F/x.csv", size=4)) == b"a,b\n"
    assert Files.seen == [("/files-pri/T-F/x.csv", f"Bearer {TOKEN}")]


def test_any_letters_may_be_in_a_name(server: str) -> None:
    Downloads(TOKEN, f"{server}/api/").fetch(file(f"{server}/files-pri/T-F/our wörter%20.csv"))
    assert Files.seen[0][0] == "/files-pri/T-F/our%20w%C3%B6rter%20.csv"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/files-pri/x.csv",
        "https://example.com/files-pri/x.csv",
        "file:///etc/passwd",
        "ftp://127.0.0.1/files-pri/x.csv",
        "http://{host}@example.com/files-pri/x.csv",
        "http://user@{host}/files-pri/x.csv",
        "https://{host}/files-pri/x.csv",
        "http://files.slack.com.example.com/files-pri/x.csv",
        "//{host}/files-pri/x.csv",
        "http://{host}/api/chat.delete",
        "http://{host}/files-pri/../api/chat.delete",
        "http://{host}/files-pri/%252e%2e/api/chat.delete",
        "http://{host}/files-pri/x.csv?to=elsewhere",
        "http://[::1",
        "",
    ],
)
def test_nothing_is_fetched_from_elsewhere(server: str, url: str) -> None:
    downloads = Downloads(TOKEN, f"{server}/api/")
    with pytest.raises(NotFetched, match="does not lie in Slack itself"):
        downloads.fetch(file(url.format(host=server.removeprefix("http://"))))
    assert Files.seen == []


@pytest.mark.parametrize("api", ["https://slack.com/api/", "https://www.slack.com/api/"])
def test_slacks_own_hosts_are_those_of_its_api(api: str) -> None:
    downloads = Downloads(TOKEN, api)
    path = "files-pri/T-F/download/x.csv"
    for host in ("files.slack.com", urlsplit(api).hostname):
        assert downloads._is_slacks(f"https://{host}/{path}")
    for host in ("a.slack.com.example.com", "xslack.com", "files.slack.com:8443", "hooks.com"):
        assert not downloads._is_slacks(f"https://{host}/{path}")
    assert not downloads._is_slacks(f"http://files.slack.com/{path}")


def test_where_the_web_api_is_behind_a_proxy_files_are_still_slacks() -> None:
    downloads = Downloads(TOKEN, "http://proxy.example.com:8080/api/")
    for place in ("https://files.slack.com", "http://proxy.example.com:8080"):
        assert downloads._is_slacks(f"{place}/files-pri/T-F/x.csv")
    assert not downloads._is_slacks("http://proxy.example.com/files-pri/T-F/x.csv")


def test_the_token_goes_nowhere_else_by_a_redirection(server: str) -> None:
    with pytest.raises(NotFetched, match=r"did not give the bot \"x.csv\" \(302\)"):
        Downloads(TOKEN, f"{server}/api/").fetch(file(f"{server}/files-pri/away"))
    assert [path for path, _ in Files.seen] == ["/files-pri/away"]


@pytest.mark.parametrize(
    ("path", "name", "size", "why"),
    [
        ("/gone", "x.csv", 0, "did not give"),
        ("/login", "x.csv", 0, "does not let the bot read"),
        ("/login", "x.html", 400, "does not let the bot read"),
        ("/x.csv", "x.csv", 5, "does not let the bot read"),
        ("/huge", "x.csv", 0, "too large"),
        ("/never asked for", "x.csv", LARGEST + 1, "too large"),
    ],
)
def test_what_is_not_the_file_is_told(
    server: str, path: str, name: str, size: int, why: str
) -> None:
    with pytest.raises(NotFetched, match=why):
        Downloads(TOKEN, f"{server}/api/").fetch(file(f"{server}/files-pri{path}", name, size))


def test_a_page_may_be_a_glossary(server: str) -> None:
    downloads = Downloads(TOKEN, f"{server}/api/")
    assert downloads.fetch(file(f"{server}/files-pri/login", "x.html", 4)) == b"a,b\n"


def test_where_nobody_answers_that_is_told() -> None:
    with pytest.raises(NotFetched, match="did not give the bot"):
        Downloads(TOKEN, "http://127.0.0.1:9/api/").fetch(
            file("http://127.0.0.1:9/files-pri/x.csv")
        )


def test_glossaries_are_files_of_the_kinds_that_are_read() -> None:
    names = ["a.csv", "b.png", "C.XLSX", "d", "e.md", "f.exe"]
    event = {"files": [{"id": n, "name": n, "size": 3, "url_private": n} for n in names[:5]]}
    found = glossaries_in(event)
    assert [one.name for one in found] == ["a.csv", "C.XLSX", "e.md"]
    assert from_line(as_line(found)) == found


@pytest.mark.parametrize(
    "event",
    [{}, {"files": None}, {"files": "x.csv"}, {"files": [None, 3, {}]}, {"files": {"name": "a"}}],
)
def test_what_has_no_files_has_no_glossaries(event: dict[str, Any]) -> None:
    assert glossaries_in(event) == []


def test_another_line_has_no_files() -> None:
    for line in ("", "what is a buoy?", "[1]", '[{"id": 1}]', "{}"):
        assert from_line(line) == []
