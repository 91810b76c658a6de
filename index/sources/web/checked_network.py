"""Connections to public addresses only, with a time limit for all of them together.

A name is resolved once: the addresses that were checked are those that are connected to, so that a
name server cannot give another address in between.
"""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from ssl import SSLContext
from typing import Any

import httpcore

Resolver = Callable[[str, int], Sequence[str]]
GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")


class NotPublicError(Exception):
    """A host name leads to an address that is not on the public internet."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, in the system's order. Raises `OSError`, or `UnicodeError`
    for a name that no host can have."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def is_public(address: str) -> bool:
    """Return whether an address is on the public internet.

    Private, loopback, link-local, multicast and reserved addresses are not, nor are IPv6 addresses
    that contain an IPv4 address (mapped, NAT64, 6to4, Teredo).
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return True
    return ip in GLOBAL_IPV6 and ip.sixtofour is None and ip.teredo is None


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to hosts after checking all their addresses, until `deadline` (monotonic time)."""

    def __init__(
        self, resolver: Resolver, is_public: Callable[[str], bool], deadline: float
    ) -> None:
        self._resolver = resolver
        self._is_public = is_public
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that accepts. Raises `NotPublicError` if one of the
        addresses is not public, before any of them is connected to."""
        addresses = self._addresses(host, port)
        if not all(map(self._is_public, addresses)):
            raise NotPublicError
        failed: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            seconds = _left(self._deadline, timeout, httpcore.ConnectTimeout)
            try:
                stream = self._network.connect_tcp(
                    address, port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failed

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Resolve a host in a thread, since the system's resolver has no time limit."""
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, name="resolver", daemon=True).start()
        try:
            found = answers.get(timeout=_left(self._deadline, None, httpcore.ConnectTimeout))
        except queue.Empty as error:
            raise httpcore.ConnectTimeout from error
        if isinstance(found, Exception):
            raise httpcore.ConnectError(found) from found
        return found


class _TimedStream(httpcore.NetworkStream):
    """A stream whose reads and writes end at a deadline, however many there are."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None, error: type[Exception]) -> float:
    """Return the seconds until `deadline`, at most `timeout`; raise `error` after the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("out of time")
    return left if timeout is None else min(timeout, left)
