"""Limits of fetching: the size of a file, its compression, and the time."""

import gzip
import time
import tracemalloc
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from index.sources.web.fetcher import LARGEST_FETCHED, FetchedFile, Validators
from tests.support.web_server import (
    WebServer,
    local_fetcher,
    running_server,
    server,
)
from tests.unit.index.sources.web.fetching import CSV, fetch, refused

__all__ = ["running_server", "server"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_above_the_limit_is_not_read_to_its_end(server: WebServer, announced: bool) -> None:
    sent = 0

    def flood(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(200)
        if announced:
            request.send_header("Content-Length", str(10 * LARGEST_FETCHED))
        request.end_headers()
        with suppress(OSError):
            while sent < 10 * LARGEST_FETCHED:
                sent += request.wfile.write(b"x" * 100_000)

    server.pages["/glossary.csv"] = flood
    assert "is larger than 10 MB | Split it." in refused(server)
    assert sent < 5 * LARGEST_FETCHED


def test_a_file_that_is_too_large_when_decompressed_is_not_decompressed_to_its_end(
    server: WebServer,
) -> None:
    bomb = gzip.compress(bytes(20 * LARGEST_FETCHED))
    server.serve("/glossary.csv", bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert "is larger than 10 MB" in refused(server)
        assert tracemalloc.get_traced_memory()[1] < 4 * LARGEST_FETCHED
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate"])
def test_other_compressions_are_refused(server: WebServer, encoding: str) -> None:
    server.serve("/glossary.csv", zlib.compress(CSV), Content_Encoding=encoding)
    assert f'is compressed as "{encoding}", which is not read' in refused(server)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (gzip.compress(CSV, mtime=0)[:-9], "incomplete"),
        (gzip.compress(CSV, mtime=0) + b"more", "incomplete"),
        (b"plain", "damaged"),
    ],
)
def test_damaged_compression_is_refused(server: WebServer, body: bytes, why: str) -> None:
    server.serve("/glossary.csv", body, Content_Encoding="gzip")
    assert f"is compressed data that is {why}" in refused(server)


def test_a_compressed_file_is_decompressed(server: WebServer) -> None:
    server.serve("/glossary.csv", gzip.compress(CSV, mtime=0), Content_Encoding="gzip")
    assert fetch(server) == FetchedFile(CSV, ".csv", Validators())


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_slow_server_is_given_up_after_the_time_limit(server: WebServer, part: str) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            request.wfile.write(b"Content-Length: 1000\r\n\r\n")
        with suppress(OSError):
            for _ in range(100):
                request.wfile.write(b"x")
                time.sleep(0.05)

    server.pages["/glossary.csv"] = drip
    begun = time.monotonic()
    assert "was not fetched within 0.3 seconds" in refused(
        server, fetcher=local_fetcher(seconds=0.3)
    )
    assert time.monotonic() - begun < 2


def test_a_slow_name_server_is_given_up_after_the_time_limit(server: WebServer) -> None:
    def slow(*_: object) -> list[str]:
        time.sleep(2)
        return ["127.0.0.1"]

    fetcher = local_fetcher(seconds=0.2, resolver=slow)
    begun = time.monotonic()
    assert "was not fetched within 0.2 seconds" in refused(server, fetcher=fetcher)
    assert time.monotonic() - begun < 1
