"""Vectors on a Chroma server, and queries while it does not respond."""

import json
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from index.errors import IndexCorrupted, VectorStoreUnavailable
from index.storage.chroma import remote
from index.storage.chroma.remote import delete_collections
from index.storage.chroma.server import ChromaServer, Collection, new_collection
from index.storage.chroma.vector_index import VectorIndex
from tests.support.chroma_server import Chroma
from tests.support.proxy import Fault, Proxy, proxy_to
from tests.unit.index.vectors import scattered

LEDGER = "0a1b2c3d"
IDS = [f"p{number}" for number in range(50)]
VECTORS = scattered(len(IDS))
FAULTS: list[Fault] = ["slow", "drips", "deaf", "resets", "gone"]


def filled(server: ChromaServer) -> Collection:
    collection = Collection(server, new_collection(LEDGER, "g000001"))
    index = VectorIndex.create(collection)
    index.put(IDS, VECTORS)
    index.close()
    return collection


def through(proxy: Proxy, name: str) -> VectorIndex:
    return VectorIndex.open(Collection(ChromaServer(f"http://127.0.0.1:{proxy.port}"), name))


@pytest.mark.parametrize("fault", FAULTS)
def test_an_unresponsive_server_is_reported_in_time_and_recovers(
    fault: Fault, chroma: Chroma, proxy: Proxy
) -> None:
    index = through(proxy, filled(ChromaServer(chroma.url)).name)
    assert index.nearest(VECTORS[3], 1)[0].passage_id == "p3"
    proxy.fault = fault
    for _ in range(2):
        began = time.monotonic()
        with pytest.raises(
            VectorStoreUnavailable, match=f"127.0.0.1:{proxy.port} does not answer"
        ) as error:
            index.nearest(VECTORS[3], 1)
        assert time.monotonic() - began < 4
        assert "the people who run the bot" in error.value.hint
    proxy.fault = "none"
    proxy.cut()
    time.sleep(remote.FAILURE_PAUSE_S)
    assert index.nearest(VECTORS[3], 1)[0].passage_id == "p3"
    index.close()


def test_a_missing_collection_is_reported_as_corruption(chroma: Chroma) -> None:
    server = ChromaServer(chroma.url)
    collection = filled(server)
    index = VectorIndex.open(collection)
    before = index.missing
    delete_collections(server, LEDGER, ())
    with pytest.raises(IndexCorrupted, match="has no collection nearsay-0a1b2c3d-g000001"):
        index.nearest(VECTORS[0], 1)
    assert (before, index.missing) == (False, True)
    index.close()


@pytest.mark.parametrize(
    ("header", "sent"),
    [("x-chroma-token", "x-chroma-token: s3cret"), ("authorization", "authorization: Bearer s3c")],
)
def test_a_rejected_token_is_reported(header: str, sent: str) -> None:
    heard: list[str] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(str(self.headers).casefold())
            body = json.dumps({"error": "AuthError", "message": "no"}).encode()
            self.send_response(401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    index = VectorIndex.open(Collection(ChromaServer(url, "s3cret", header), "any"))
    with pytest.raises(VectorStoreUnavailable, match="denied access to Nearsay") as error:
        len(index)
    assert "CHROMA_TOKEN" in error.value.hint
    assert "s3cret" not in error.value.message + error.value.hint
    assert sent.casefold() in heard[0]
    index.close()
    server.shutdown()
    server.server_close()


def test_tls_works_and_rejects_untrusted_certificates(chroma: Chroma, tmp_path: Path) -> None:
    certificate = tmp_path / "server.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", "-", "-out", "-"),
        ],
        check=True,
        stdout=certificate.open("wb"),
        stderr=subprocess.DEVNULL,
    )
    name = filled(ChromaServer(chroma.url)).name
    with proxy_to(chroma.port, certificate) as proxy:
        url = f"https://127.0.0.1:{proxy.port}"
        index = VectorIndex.open(Collection(ChromaServer(url, certificates=certificate), name))
        assert len(index) == len(IDS)
        index.close()
        stranger = VectorIndex.open(Collection(ChromaServer(url), name))
        with pytest.raises(VectorStoreUnavailable):
            len(stranger)
        stranger.close()
