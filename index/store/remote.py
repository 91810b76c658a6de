"""A collection on a Chroma server: every call ends in time, and the next one tries again.

Chroma's own client waits for ever, and gives up a connection that the server has closed.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import httpx

from index.chroma_server import ChromaServer
from index.errors import StoreDamaged, VectorsAway

logger = logging.getLogger(__name__)

CONNECTING = 1.0  # seconds to connect to a server
SILENCE = 1.0  # seconds in which a server that has just not answered is not asked again
CALLS = 16  # under way at once
REFUSED = (401, 403)  # statuses of a server that wants another token

Answer = TypeVar("Answer")


class Line:
    """The way to a server, on which a call takes at most `patience` seconds. Threads may share
    it."""

    def __init__(self, server: ChromaServer, patience: float) -> None:
        self.server = server
        self._patience = patience
        self._pool = ThreadPoolExecutor(CALLS, thread_name_prefix="chroma")
        self._silent_until = 0.0

    def session(self, headers: httpx.Headers) -> httpx.Client:
        """What Chroma's client is to send its requests with, each with these `headers`."""
        return httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(self._patience, connect=min(CONNECTING, self._patience)),
            verify=_trusting(self.server.certificates, tls=self.server.tls),
        )

    def ask(self, call: Callable[[], Answer]) -> Answer:
        """What `call` gives; it is made twice where a connection breaks.

        Raises `VectorsAway` when the server does not answer in time, or not as it should: at once
        where it has just not done so. Errors that say a collection is not there pass.
        """
        if time.monotonic() < self._silent_until:
            raise self._away("does not answer")
        try:
            # httpx bounds each read; a server that answers byte by byte is bounded here.
            return self._pool.submit(_twice, call).result(self._patience)
        except TimeoutError as error:
            self._silent_until = time.monotonic() + SILENCE
            raise self._away(f"does not answer within {self._patience:g} seconds") from error
        except httpx.TransportError as error:
            self._silent_until = time.monotonic() + SILENCE
            raise self._away("does not answer") from error
        except Exception as error:  # Chroma's client raises Exception itself, among others
            if is_missing(error):
                raise
            raise self._complaint(error) from error

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _complaint(self, error: Exception) -> VectorsAway:
        """A server that answers, but not as it should."""
        if _status(error) in REFUSED:
            return VectorsAway(
                f"The vector server at {self.server.name} does not let Nearsay in.",
                "Set CHROMA_TOKEN, CHROMA_TENANT and CHROMA_DATABASE to what it wants, and start "
                "again.",
            )
        logger.warning("the vector server at %s answered: %s", self.server.name, error)
        return self._away("answers with an error")

    def _away(self, what: str) -> VectorsAway:
        return VectorsAway(
            f"The vector server at {self.server.name} {what}, so nothing can be looked up by "
            "meaning.",
            "It is tried again with every question; where that lasts, tell whoever runs the bot.",
        )


@lru_cache(maxsize=4)
def _trusting(certificates: Path | None, *, tls: bool) -> ssl.SSLContext:
    """Whom a client trusts: those of a file, or of the machine without one, and nobody without
    TLS. Reading them takes half a megabyte, which each index that is opened does not take anew."""
    if not tls:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificates is not None:
        return ssl.create_default_context(cafile=certificates)
    return httpx.create_ssl_context()


class RemoteCollection:
    """A collection, with those of Chroma's methods that are used here; `find` gives Chroma's own.

    It is looked for when it is first needed, so that opening it needs no server.
    """

    def __init__(self, line: Line, name: str, find: Callable[[], Any]) -> None:
        self._line = line
        self._name = name
        self._find = find
        self._lock = threading.Lock()
        self._found: Any = None
        self.missing = False

    def query(self, **arguments: Any) -> Any:
        return self._call("query", arguments)

    def get(self, **arguments: Any) -> Any:
        return self._call("get", arguments)

    def upsert(self, **arguments: Any) -> Any:
        return self._call("upsert", arguments)

    def delete(self, **arguments: Any) -> Any:
        return self._call("delete", arguments)

    def count(self) -> int:
        return int(self._call("count", {}))

    def _call(self, method: str, arguments: dict[str, Any]) -> Any:
        def call() -> Any:
            with self._lock:
                collection = self._found = self._found or self._find()
            return getattr(collection, method)(**arguments)

        try:
            return self._line.ask(call)
        except VectorsAway:
            raise
        except Exception as error:  # it is not there: see Line.ask
            self._found, self.missing = None, True
            raise StoreDamaged(
                f"The vector server at {self._line.server.name} has no collection {self._name}.",
                "It is built again by itself; else with: nearsay index --full",
            ) from error


def is_missing(error: BaseException) -> bool:
    """Whether Chroma says that a collection is not there."""
    return type(error).__name__ == "NotFoundError" or _status(error) == 404


def _status(error: BaseException) -> int | None:
    """The HTTP status behind an error of Chroma's client."""
    behind = error.__context__
    if isinstance(behind, httpx.HTTPStatusError):
        return behind.response.status_code
    code = getattr(error, "code", None)
    return code() if callable(code) else None


def _twice(call: Callable[[], Answer]) -> Answer:
    """A connection that was open may have been closed by the server meanwhile."""
    try:
        return call()
    except httpx.TimeoutException:
        raise
    except httpx.TransportError:
        return call()
