"""Check the Chroma server, if one is configured."""

import ssl
from collections.abc import Iterator

import httpx

from bot.config import Settings
from bot.replies.base import Check
from index.storage.chroma.server import ChromaServer

TIMEOUT_S = 5.0
REFUSED = (401, 403)
DEFAULT_DATABASE = "/api/v2/tenants/default_tenant/databases/default_database"


def chroma_checks(settings: Settings) -> Iterator[Check]:
    """Check the server's heartbeat and version, and access to it. Yields nothing if Chroma is in
    the data directory."""
    server = settings.chroma
    if server is None:
        return
    try:
        with _client(server) as client:
            client.get("/api/v2/heartbeat").raise_for_status()
            version = client.get("/api/v2/version").json()
            place = client.get(DEFAULT_DATABASE)
    except httpx.HTTPStatusError as error:
        yield _unhealthy(server, f"answers with status {error.response.status_code}")
        return
    except (httpx.HTTPError, OSError, ValueError) as error:
        yield _unhealthy(server, f"does not answer as a Chroma server ({type(error).__name__})")
        return
    if place.status_code in REFUSED:
        cure = "Set CHROMA_TOKEN, and CHROMA_TOKEN_HEADER if the server expects a bearer token."
        yield Check("chroma", "error", f"{server.name} denies access to Nearsay.", cure)
    else:
        yield Check("chroma", "ok", f"Chroma {version} at {server.name}")


def _client(server: ChromaServer) -> httpx.Client:
    trusted = server.certificates
    return httpx.Client(
        base_url=f"{'https' if server.tls else 'http'}://{server.host}:{server.port}",
        headers=server.headers,
        timeout=TIMEOUT_S,
        verify=ssl.create_default_context(cafile=trusted) if trusted else True,
    )


def _unhealthy(server: ChromaServer, what: str) -> Check:
    return Check(
        "chroma",
        "error",
        f"The Chroma server at {server.name} {what}.",
        "Check that it is running and reachable from here, and that CHROMA_URL (for https also "
        "CHROMA_CERTIFICATES) is correct.",
    )
