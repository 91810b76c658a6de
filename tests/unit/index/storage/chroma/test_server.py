from __future__ import annotations

from pathlib import Path

import pytest

from index.storage.chroma.server import ChromaServer, is_ours, new_collection


@pytest.mark.parametrize(
    ("url", "name", "tls"),
    [
        ("http://127.0.0.1:8123", "127.0.0.1:8123", False),
        ("http://chroma", "chroma:8000", False),
        ("https://chroma.example", "chroma.example:443", True),
        ("https://chroma.example:8000", "chroma.example:8000", True),
    ],
)
def test_an_address_says_where_and_whether_by_tls(url: str, name: str, tls: bool) -> None:
    server = ChromaServer(url)
    assert (server.name, server.tls) == (name, tls)


def test_a_token_is_never_shown() -> None:
    assert "secret" not in repr(ChromaServer("http://chroma", "secret"))


def test_names_are_new_each_time_and_tell_whose_they_are() -> None:
    names = {new_collection("0a1b2c3d", "g000001") for _ in range(100)}
    assert len(names) == 100
    assert all(is_ours(name, "0a1b2c3d") for name in names)
    assert not any(is_ours(name, "ffffffff") for name in names)
    for other in ("nearsay-0a1b2c3d-mine", "somebody-else", "nearsay-0a1b2c3d-g000001-xyz"):
        assert not is_ours(other, "0a1b2c3d"), "nobody else's collection is ever removed"


def test_chroma_cloud_takes_fewer_vectors_at_once() -> None:
    assert ChromaServer("https://api.trychroma.com").rows == 300
    assert ChromaServer("https://chroma.example", certificates=Path("ca.pem")).rows == 2_000
