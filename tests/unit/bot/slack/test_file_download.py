"""Tests of downloading uploaded files, and of the allowed hosts."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import quote

import httpx
import pytest

from bot.admin.uploads import LARGEST
from bot.slack.file_download import (
    DownloadError,
    FileDownloader,
    SlackFile,
    files_in,
    parse_files,
    serialize_files,
)

TOKEN = "xoxb-secret"


class Files(BaseHTTPRequestHandler):
    """A file server that records the token of each request."""

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
    """Provide the address of the server, without recorded requests."""
    Files.seen = []
    return address


def file(url: str, name: str = "x.csv", size: int = 0) -> SlackFile:
    return SlackFile("F1", name, size, url)


@pytest.mark.parametrize(
    ("name", "path", "size"),
    [
        ("x.csv", "/files-pri/T-F/x.csv", 4),
        ("x.csv", "/files-pri/T-F/our wörter%20.csv", 0),
        ("x.html", "/files-pri/login", 4),  # a page may be a glossary
    ],
)
def test_file_is_downloaded_with_the_token(server: str, name: str, path: str, size: int) -> None:
    found = FileDownloader(TOKEN, f"{server}/api/").fetch(file(f"{server}{path}", name, size))
    assert found == b"a,b\n"
    assert Files.seen == [(quote(path, safe="/%"), f"Bearer {TOKEN}")]


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
def test_nothing_is_downloaded_from_other_hosts(server: str, url: str) -> None:
    downloads = FileDownloader(TOKEN, f"{server}/api/")
    with pytest.raises(DownloadError, match="is not stored in Slack"):
        downloads.fetch(file(url.format(host=server.removeprefix("http://"))))
    assert Files.seen == []


@pytest.mark.parametrize(
    ("api", "places"),
    [
        ("https://slack.com/api/", ["https://files.slack.com", "https://slack.com"]),
        ("https://www.slack.com/api/", ["https://files.slack.com", "https://www.slack.com"]),
        ("http://proxy.test:8080/api/", ["https://files.slack.com", "http://proxy.test:8080"]),
    ],
)
def test_allowed_hosts_follow_from_the_api_url(
    api: str, places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def stream(_: str, url: str, **__: object) -> None:
        asked.append(url)
        raise httpx.ConnectError("There is no network.")

    monkeypatch.setattr(httpx, "stream", stream)
    others = ["https://a.slack.com.example.com", "https://xslack.com", "http://files.slack.com"]
    others += ["https://files.slack.com:8443", "https://hooks.com", "http://proxy.test"]
    for place in (*places, *others):
        with pytest.raises(DownloadError):
            FileDownloader(TOKEN, api).fetch(file(f"{place}/files-pri/x"))
    assert asked == [f"{place}/files-pri/x" for place in places]


@pytest.mark.parametrize(
    ("path", "name", "size", "why"),
    [
        ("/away", "x.csv", 0, r"\"x.csv\" from Slack failed \(302\)"),
        ("/gone", "x.csv", 0, "from Slack failed"),
        ("/login", "x.csv", 0, "is not allowed to read"),
        ("/login", "x.html", 400, "is not allowed to read"),
        ("/x.csv", "x.csv", 5, "is not allowed to read"),
        ("/huge", "x.csv", 0, "too large"),
        ("/never asked for", "x.csv", LARGEST + 1, "too large"),
    ],
)
def test_failed_download_is_reported(
    server: str, path: str, name: str, size: int, why: str
) -> None:
    with pytest.raises(DownloadError, match=why):
        FileDownloader(TOKEN, f"{server}/api/").fetch(file(f"{server}/files-pri{path}", name, size))
    assert not any("stolen" in asked for asked, _ in Files.seen), "a redirection was followed"
    with pytest.raises(DownloadError, match="from Slack failed"):
        FileDownloader(TOKEN, "http://127.0.0.1:9/api/").fetch(
            file("http://127.0.0.1:9/files-pri/x")
        )


def test_files_are_read_from_a_message_unless_they_are_pictures_with_a_text() -> None:
    kinds = {"a.csv": "text/csv", "b.png": "image/png", "c.pdf": "application/pdf"}
    files = [{"id": n, "name": n, "size": 3, "url_private": n} for n in kinds]
    event = {"files": [one | {"mimetype": kinds[str(one["name"])]} for one in files]}
    found = files_in(event)
    assert [one.name for one in found] == list(kinds)
    assert parse_files(serialize_files(found)) == found
    pictures = {"files": [one for one in event["files"] if one["name"] == "b.png"]}
    assert len(files_in(pictures)) == 1
    assert files_in(pictures | {"text": "what is this?"}) == []
