"""The address of a Chroma server, and the names of Nearsay's collections on it."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

CONFIGURATION = {"hnsw": {"space": "cosine"}}  # of every collection, remote or local
HEADERS = ("x-chroma-token", "authorization")
QUERY_TIMEOUT_S = 2.0  # for a query to a server
BUILD_TIMEOUT_S = 120.0  # for a call while an index is built
ROWS = 2_000  # vectors per call to a server
_NAME = re.compile(r"nearsay-[0-9a-f]{8}-g\d{6,}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A Chroma server at a `url` such as https://chroma.example:8000. The `token`, if any, is sent
    in the header `x-chroma-token`, or as a bearer token in `authorization`. `certificates` is a
    file of CA certificates to trust instead of the system's."""

    url: str
    token: str = field(default="", repr=False)
    header: str = HEADERS[0]
    certificates: Path | None = None

    @property
    def tls(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or (443 if self.tls else 8000)

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def headers(self) -> Mapping[str, str]:
        if not self.token:
            return {}
        bearer = self.header == "authorization"
        return {self.header: f"Bearer {self.token}" if bearer else self.token}


@dataclass(frozen=True, slots=True)
class Collection:
    """The collection on a server that holds one generation's vectors."""

    server: ChromaServer
    name: str


def new_collection(ledger: str, generation: str) -> str:
    """Return an unused collection name for a generation. `ledger` is the id of the ledger."""
    return f"nearsay-{ledger}-{generation}-{secrets.token_hex(4)}"


def is_ours(collection: str, ledger: str) -> bool:
    return collection.startswith(f"nearsay-{ledger}-") and _NAME.fullmatch(collection) is not None
