"""Fetch files from the server of a test."""

import pytest

from index.errors import FetchError
from index.sources.web.fetcher import FetchedFile, Fetcher, Validators
from index.sources.web_address import WebAddress
from tests.support.web_server import HOST, WebServer, local_fetcher

CSV = b"term,definition\nMast,A tall pole.\n"


def fetch(
    server: WebServer,
    path: str = "/glossary.csv",
    fetcher: Fetcher | None = None,
    known: Validators | None = None,
) -> FetchedFile | None:
    address = WebAddress.parse(server.address(path))
    return (fetcher or local_fetcher()).fetch(address, known or Validators())


def refused(server: WebServer, path: str = "/glossary.csv", fetcher: Fetcher | None = None) -> str:
    """Fetch a file that is refused; return the message and the hint, without the port."""
    with pytest.raises(FetchError) as error:
        fetch(server, f"{path}?key=s3cret", fetcher)
    text = f"{error.value.message} | {error.value.hint}"
    assert "s3cret" not in text
    assert text.startswith(f"{HOST}:{server.server_port}{path}: ")
    return text
