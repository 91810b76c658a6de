"""Fetch a file from a web address, within limits of hosts, redirects, size and time."""

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.errors import FetchError
from index.sources.suffixes import FORMATS, HTML, MARKDOWN, SUFFIXES, TEXT
from index.sources.web_address import WebAddress, is_allowed
from index.text import one_line, shorten

if TYPE_CHECKING:
    import httpcore

    from index.sources.web.checked_network import Resolver

HOSTS_SETTING = "NEARSAY_SOURCE_HOSTS"
LARGEST_FETCHED = 10 * 1024 * 1024  # bytes, as received and after decompression
MAX_SECONDS = 60.0  # for the whole fetch, with its redirects
MAX_REDIRECTS = 5
LONGEST_VALIDATOR = 500  # characters
REDIRECTS = (301, 302, 303, 307, 308)
UNCHANGED = 304
SUFFIX_OF_TYPE = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/yaml": ".yaml",
    "application/x-yaml": ".yaml",
    "text/yaml": ".yaml",
    "text/markdown": ".md",
    "text/html": ".html",
    "text/turtle": ".ttl",
    "application/rdf+xml": ".rdf",
    "application/ld+json": ".jsonld",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_RETRY = "Its host may be down: it is fetched again by the next reindex."
_SIGN_IN = "Make the file readable without signing in, or use an address that contains a key."


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said about a file, to ask it later whether the file has changed."""

    etag: str = ""
    modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A fetched file. `suffix` is its format."""

    data: bytes
    suffix: str
    validators: Validators


class Fetcher:
    """Fetches files over https from the allowed `hosts` (see `parse_hosts`).

    `resolver`, `is_public` and `context` replace the system's resolver, the check of addresses and
    the trusted certificates. `seconds` is the time limit. Proxies of the environment are not used,
    since they would resolve the names again.
    """

    def __init__(
        self,
        hosts: Collection[str] = (),
        *,
        resolver: "Resolver | None" = None,
        is_public: Callable[[str], bool] | None = None,
        context: ssl.SSLContext | None = None,
        seconds: float = MAX_SECONDS,
    ) -> None:
        self.hosts = tuple(hosts)
        self._resolver = resolver
        self._is_public = is_public
        self._context = context
        self._seconds = seconds

    def fetch(self, address: WebAddress, known: Validators) -> FetchedFile | None:
        """Fetch a file; return None if it is the one that `known` describes. Raises `FetchError`,
        whose message never contains the query of an address."""
        import httpcore  # slow import

        from index.sources.web.checked_network import (
            CheckedNetwork,
            NotPublicError,
            is_public,
            resolve,
        )

        require_allowed(address, self.hosts)
        network = CheckedNetwork(
            self._resolver or resolve,
            self._is_public or is_public,
            time.monotonic() + self._seconds,
        )
        try:
            with httpcore.ConnectionPool(
                ssl_context=self._context or _trusted(), network_backend=network
            ) as pool:
                return self._follow(pool, address, known)
        except NotPublicError as error:
            reason = "its host, or one that it redirects to, has an address that is not public"
            raise _failed(address, reason, "Use an address on the internet.") from error
        except httpcore.TimeoutException as error:
            reason = f"was not fetched within {self._seconds:g} seconds"
            raise _failed(address, reason, _RETRY) from error
        except httpcore.ConnectError as error:
            raise _failed(address, *_connection_problem(error)) from error
        except (httpcore.ProtocolError, httpcore.NetworkError, OSError) as error:
            reason = f"the connection broke ({type(error).__name__})"
            raise _failed(address, reason, _RETRY) from error

    def _follow(
        self, pool: "httpcore.ConnectionPool", address: WebAddress, known: Validators
    ) -> FetchedFile | None:
        headers = [
            ("User-Agent", "nearsay"),
            ("Accept", "*/*"),
            ("Accept-Encoding", "identity"),
            *known.headers.items(),
        ]
        at = address
        for _ in range(MAX_REDIRECTS + 1):
            with pool.stream("GET", at.url, headers=headers) as response:
                if response.status in REDIRECTS:
                    at = self._target(address, at, _header(response, "location"))
                    continue
                if response.status == UNCHANGED and known.headers:
                    return None
                if response.status != HTTPStatus.OK:
                    raise _failed(address, *_refusal(response.status))
                kind = _header(response, "content-type").partition(";")[0].strip().casefold()
                suffix = _suffix(address, kind)
                data = _content(response, address)
                _require_no_login_page(address, suffix, data)
                return FetchedFile(data, suffix, _validators(response))
        reason = f"redirects more than {MAX_REDIRECTS} times"
        raise _failed(address, reason, "Use the address that it leads to in a browser.")

    def _target(self, address: WebAddress, at: WebAddress, location: str) -> WebAddress:
        """Return the address that a redirect leads to, if it may be fetched."""
        with suppress(ValueError):
            location = urljoin(at.url, location)
        try:
            target = WebAddress.parse(location)
        except ValueError as error:
            reason = f"redirects to an address {error}"
            raise _failed(address, one_line(reason), "Use another address of the file.") from error
        if not is_allowed(target.host, self.hosts):
            reason = f"redirects to {target.host}, which {HOSTS_SETTING} does not list"
            hint = f"Add {target.host} to {HOSTS_SETTING} if it serves the file. {_SIGN_IN}"
            raise _failed(address, reason, hint)
        return target


def require_allowed(address: WebAddress, hosts: Collection[str]) -> None:
    """Raise `FetchError` if the host of an address is not allowed."""
    if is_allowed(address.host, hosts):
        return
    if not hosts:
        reason = f"is not fetched, since {HOSTS_SETTING} lists no hosts"
        raise _failed(address, reason, f"To allow it, set {HOSTS_SETTING}={address.host}")
    reason = f"is not fetched, since {HOSTS_SETTING} does not list {address.host}"
    raise _failed(address, reason, f"To allow it, add {address.host} to {HOSTS_SETTING}.")


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _failed(address: WebAddress, reason: str, hint: str) -> FetchError:
    return FetchError(Path(str(address)), None, reason, hint)


def _header(response: "httpcore.Response", name: str) -> str:
    found = [value for key, value in response.headers if key.lower() == name.encode()]
    return found[0].decode("latin-1") if found else ""


def _validators(response: "httpcore.Response") -> Validators:
    def kept(name: str) -> str:
        value = _header(response, name)
        usable = len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()
        return value if usable else ""

    return Validators(kept("etag"), kept("last-modified"))


def _suffix(address: WebAddress, kind: str) -> str:
    """Return the suffix of the address, or else that of the content type."""
    suffix = address.file.suffix.casefold()
    if suffix not in SUFFIXES:
        suffix = SUFFIX_OF_TYPE.get(kind, "")
    if not suffix:
        named = f'"{shorten(one_line(kind), 60)}"' if kind else "none"
        reason = f"is of an unknown format: its content type is {named}"
        hint = f"Use an address that ends with .csv or the like. Formats: {FORMATS}."
        raise _failed(address, reason, hint)
    return suffix


def _content(response: "httpcore.Response", address: WebAddress) -> bytes:
    """Read the body, decompressed if need be, up to the limit."""
    encoding = _header(response, "content-encoding").strip().casefold()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        reason = f'is compressed as "{shorten(one_line(encoding), 40)}", which is not read'
        raise _failed(address, reason, "Have it served without compression, or with gzip.")
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding.endswith("gzip") else None
    content, received = bytearray(), 0
    try:
        for part in response.iter_stream():
            received += len(part)
            room = LARGEST_FETCHED + 1 - len(content)
            content += unzip.decompress(part, room) if unzip else part
            if max(received, len(content)) > LARGEST_FETCHED:
                reason = f"is larger than {LARGEST_FETCHED // 1024**2} MB"
                raise _failed(address, reason, "Split it.")
    except zlib.error as error:
        raise _failed(address, "is compressed data that is damaged", _RETRY) from error
    if unzip and (not unzip.eof or unzip.unused_data):
        raise _failed(address, "is compressed data that is incomplete", _RETRY)
    return bytes(content)


def _require_no_login_page(address: WebAddress, suffix: str, data: bytes) -> None:
    """Raise `FetchError` for a web page in place of a table or the like: often the page for signing
    in, whose text would replace the entries."""
    start = data[:512].lstrip().lower()
    is_page = start.startswith((b"<!doctype html", b"<html"))
    if is_page and suffix not in HTML | MARKDOWN | TEXT:
        raise _failed(address, f"is a web page, not a {suffix} file", _SIGN_IN)


def _refusal(status: int) -> tuple[str, str]:
    """Return the reason and the hint for a response without the file."""
    try:
        phrase = f" ({HTTPStatus(status).phrase.casefold()})"
    except ValueError:
        phrase = ""
    hint = "Correct the address, or remove the source with: nearsay index --remove NAME"
    if status in (401, 403, 407):
        hint = _SIGN_IN
    elif status in (408, 429) or status >= 500:
        hint = _RETRY
    return f"its host answered {status}{phrase}", hint


def _connection_problem(error: BaseException) -> tuple[str, str]:
    """Return the reason and the hint for a connection that could not be made."""
    cause = error.args[0] if error.args else None  # httpcore's errors contain the system's
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = f"the certificate of its host is not valid ({one_line(cause.verify_message)})"
        return reason, "Ask those who run the host, or correct the address."
    if isinstance(cause, ssl.SSLError):
        return "its host does not speak https properly", "Ask those who run the host."
    if isinstance(cause, OSError) and not isinstance(cause, socket.gaierror) and cause.strerror:
        return f"its host cannot be reached ({one_line(cause.strerror)})", _RETRY
    return "its host was not found", "Correct the address, or check the network."
