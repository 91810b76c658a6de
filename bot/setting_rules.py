"""Rules for combinations of settings, and for the addresses of servers on other machines."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from index.ways.chat_server import is_loopback

ENCRYPTED = ("require", "verify-ca", "verify-full")  # values of PostgreSQL's sslmode
LEARNS_FROM_OTHERS = (
    "NEARSAY_LEARN is questions and NEARSAY_EXTERNAL_USERS is ask, but questions of other "
    "organizations must not become ways to ask: unset one of them."
)
_UNENCRYPTED = (
    "would be reached without encryption, though it is not on this machine: {cure}, or set "
    "NEARSAY_UNENCRYPTED=yes where the network itself is private."
)


def unencrypted_servers(chroma_url: str, database_url: str) -> Iterator[str]:
    """Yield a problem for each server on another machine that is reached without TLS."""
    chroma = urlsplit(chroma_url)
    if chroma.scheme == "http" and not is_loopback(chroma.hostname or ""):
        yield "The server of CHROMA_URL " + _UNENCRYPTED.format(cure="write https://")
    if _leaves_in_the_open(database_url):
        cure = "add ?sslmode=verify-full (or require) to it"
        yield "The server of DATABASE_URL " + _UNENCRYPTED.format(cure=cure)


def _leaves_in_the_open(address: str) -> bool:
    """Whether a PostgreSQL address names another machine and does not ask for TLS."""
    if not address.startswith("postgres"):
        return False
    place, _, query = address.partition("?")
    options = parse_qs(query)
    authority = place.partition("://")[2].rpartition("@")[2].partition("/")[0]
    named = [authority, *options.get("host", ()), *options.get("hostaddr", ())]
    hosts = [_host(one) for part in named for one in part.split(",") if one]
    far = [host for host in hosts if not (host.startswith("/") or is_loopback(host))]
    return bool(far) and not set(options.get("sslmode", ())) & set(ENCRYPTED)


def _host(place: str) -> str:
    """Return the host of `host:port`, `[::1]:port` or a socket's folder."""
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place if place.startswith("/") else place.partition(":")[0].replace("%2F", "/")
