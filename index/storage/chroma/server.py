"""Where a Chroma server is, and what the collections on it are called."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

CONFIGURATION = {"hnsw": {"space": "cosine"}}  # of every collection, there and here
HEADERS = ("x-chroma-token", "authorization")
CLOUD = "trychroma.com"  # the domain of Chroma Cloud
CLOUD_ROWS = 300  # that Chroma Cloud takes and gives at once
ASKING = 2.0  # seconds that a question to a server may take, all in all
BUILDING = 120.0  # seconds that a call may take while an index is built
ROWS = 2_000  # that are written to or read from any other server at once
_NAME = re.compile(r"nearsay-[0-9a-f]{8}-g\d{6,}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A Chroma server at a `url` such as https://chroma.example:8000.

    The `token`, where there is one, goes into the header x-chroma-token, or as a bearer's into
    `authorization`. `certificates` is a file of those that are trusted for TLS, where they are not
    the system's.
    """

    url: str
    token: str = field(default="", repr=False)
    header: str = HEADERS[0]
    tenant: str = "default_tenant"
    database: str = "default_database"
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
        """The server, for people."""
        return f"{self.host}:{self.port}"

    @property
    def headers(self) -> Mapping[str, str]:
        """What every request says of who asks."""
        if not self.token:
            return {}
        bearer = self.header == "authorization"
        return {self.header: f"Bearer {self.token}" if bearer else self.token}

    @property
    def rows(self) -> int:
        """How many vectors go to and fro at once."""
        return CLOUD_ROWS if self.host.endswith(CLOUD) else ROWS


@dataclass(frozen=True, slots=True)
class Collection:
    """The place of one generation's vectors on a server."""

    server: ChromaServer
    name: str


def new_collection(ledger: str, generation: str) -> str:
    """A name that no collection has had: of the ledger with that id, and of a generation."""
    return f"{_prefix(ledger)}{generation}-{secrets.token_hex(4)}"


def is_ours(collection: str, ledger: str) -> bool:
    """Whether a collection belongs to the ledger with that id."""
    return collection.startswith(_prefix(ledger)) and _NAME.fullmatch(collection) is not None


def _prefix(ledger: str) -> str:
    return f"nearsay-{ledger}-"
