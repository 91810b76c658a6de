"""Collections on a Chroma server, with a timeout and one retry for every call.

Chroma's own client has no timeout and does not retry on a connection that the server has closed.
"""

import logging
import ssl
import time
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial, partialmethod
from typing import Any, TypeVar, cast

import httpx
from chromadb.api import ServerAPI
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.config import Settings, System

from index.errors import IndexCorrupted, NearsayError, NotFound, VectorStoreUnavailable
from index.storage.chroma.server import CONFIGURATION, QUERY_TIMEOUT_S, ChromaServer, is_ours

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 1.0
FAILURE_PAUSE_S = 1.0  # the server is not called for this long after a failure
MAX_CALLS = 16  # concurrent calls
PAGE_SIZE = 100  # collections per page
AUTH_STATUSES = (401, 403)  # access denied

Answer = TypeVar("Answer")


class TimedConnection:
    """A connection to a server. Each call takes at most `patience` seconds. Thread-safe."""

    def __init__(self, server: ChromaServer, patience: float) -> None:
        self.server = server
        self._patience = patience
        self._pool = ThreadPoolExecutor(MAX_CALLS, thread_name_prefix="chroma")
        self._silent_until = 0.0

    def session(self, headers: httpx.Headers) -> httpx.Client:
        """Return an HTTP client for Chroma's client, with `headers` in every request."""
        own = self.server.certificates
        trusted = ssl.create_default_context(cafile=own) if own and self.server.tls else None
        return httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(self._patience, connect=min(CONNECT_TIMEOUT_S, self._patience)),
            verify=trusted or self.server.tls,
        )

    def ask(
        self, call: Callable[[], Answer], missing: Callable[[], NearsayError] | None = None
    ) -> Answer:
        """Run `call`, and once more if the connection breaks; return its result. Raises
        `VectorStoreUnavailable` if the server reports an error or does not answer in time; if it
        did not answer, further calls raise at once for a second. Raises `missing()` if a collection
        is missing."""
        if time.monotonic() < self._silent_until:
            raise self._unavailable("does not answer")
        try:
            # httpx limits each read; this limits the whole call if the server answers byte by byte.
            return self._pool.submit(_with_retry, call).result(self._patience)
        except TimeoutError as error:
            self._silent_until = time.monotonic() + FAILURE_PAUSE_S
            raise self._unavailable(f"does not answer within {self._patience:g} seconds") from error
        except httpx.TransportError as error:
            self._silent_until = time.monotonic() + FAILURE_PAUSE_S
            raise self._unavailable("does not answer") from error
        except Exception as error:  # Chroma's client raises plain Exception, among others
            if missing and _status(error) == 404:
                raise missing() from error
            raise self._error_of(error) from error

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _error_of(self, error: Exception) -> VectorStoreUnavailable:
        if _status(error) in AUTH_STATUSES:
            return VectorStoreUnavailable(
                f"The Chroma server at {self.server.name} denied access to Nearsay.",
                "Correct CHROMA_TOKEN, then restart Nearsay.",
            )
        logger.warning("The Chroma server at %s answered: %s", self.server.name, error)
        return self._unavailable("answers with an error")

    def _unavailable(self, what: str) -> VectorStoreUnavailable:
        return VectorStoreUnavailable(
            f"The Chroma server at {self.server.name} {what}, so search by meaning is unavailable.",
            "Try again in a minute. If this persists, contact the people who run the bot.",
        )


class RemoteCollection:
    """A collection on a server, with the methods of Chroma's collections that Nearsay uses. Calls
    `find` for Chroma's own collection on first use, so that opening an index needs no server."""

    def __init__(self, line: TimedConnection, name: str, find: Callable[[], Any]) -> None:
        self._connection = line
        self._name = name
        self._find = find
        self._found: Any = None
        self.missing = False

    def _call(self, method: str, **arguments: Any) -> Any:
        def call() -> Any:
            collection = self._found = self._found or self._find()
            return getattr(collection, method)(**arguments)

        return self._connection.ask(call, self._note_missing)

    query = partialmethod(_call, "query")
    get = partialmethod(_call, "get")
    upsert = partialmethod(_call, "upsert")
    delete = partialmethod(_call, "delete")
    count = partialmethod(_call, "count")

    def _note_missing(self) -> IndexCorrupted:
        self._found, self.missing = None, True
        return IndexCorrupted(
            f"The Chroma server at {self._connection.server.name} has no collection {self._name}.",
            "It will be rebuilt automatically, or now with: nearsay index --full",
        )


def _status(error: BaseException) -> int | None:
    behind = error.__context__
    if isinstance(behind, httpx.HTTPStatusError):
        return behind.response.status_code
    code = getattr(error, "code", None)
    return code() if callable(code) else None


def _with_retry(call: Callable[[], Answer]) -> Answer:
    """Run a call, and once more if the connection breaks: the server may close idle connections."""
    try:
        return call()
    except httpx.TimeoutException:
        raise
    except httpx.TransportError:
        return call()


class RemoteClient:
    """Chroma's client for a server, with a timeout of `patience` seconds on every call. Chroma's
    `HttpClient` has none, and its constructor already sends a request."""

    def __init__(self, server: ChromaServer, patience: float) -> None:
        settings = Settings(
            anonymized_telemetry=False,
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=server.host,
            chroma_server_http_port=server.port,
            chroma_server_ssl_enabled=server.tls,
            chroma_server_headers=dict(server.headers),
            chroma_server_ssl_verify=False,
        )
        self._system = System(settings)
        # Chroma looks an implementation up by its abstract class.
        self._api = cast(Any, self._system.instance(ServerAPI))  # type: ignore[type-abstract]
        self._connection = TimedConnection(server, patience)
        # Chroma's session has no timeout and no setting for one.
        with self._api._session as default_session:
            self._api._session = self._connection.session(default_session.headers)

    def collection(self, name: str) -> RemoteCollection:
        return RemoteCollection(self._connection, name, partial(self._find, name))

    def create(self, name: str) -> None:
        self._connection.ask(
            partial(self._api.create_collection, name, configuration=CONFIGURATION)
        )

    def names(self) -> list[str]:
        """Return the names of all collections in the database."""
        names: list[str] = []
        while True:
            models = self._connection.ask(
                partial(self._api.list_collections, PAGE_SIZE, len(names))
            )
            names += [model.name for model in models]
            if len(models) < PAGE_SIZE:
                return names

    def delete(self, name: str) -> None:
        """Delete a collection, if it exists."""
        with suppress(NotFound):
            self._connection.ask(
                partial(self._api.delete_collection, name), partial(NotFound, name)
            )

    def close(self) -> None:
        self._connection.close()
        self._system.stop()
        self._api._session.close()

    def _find(self, name: str) -> Any:
        model = self._api.get_collection(name)
        return ChromaCollection(client=self._api, model=model, embedding_function=None)


def delete_collections(server: ChromaServer, ledger: str, kept: Container[str]) -> None:
    """Delete the ledger's collections except `kept`. Raises `VectorStoreUnavailable` if the server
    cannot be used."""
    with closing(RemoteClient(server, QUERY_TIMEOUT_S)) as client:
        for name in client.names():
            if is_ours(name, ledger) and name not in kept:
                client.delete(name)
