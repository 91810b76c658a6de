"""A TCP proxy on the loopback address that a test can make slow, silent, broken, or unavailable."""

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Fault = Literal["none", "slow", "drips", "deaf", "resets", "gone"]
SLOW_S = 20.0  # seconds before a slow server's first byte
CHUNK_BYTES = 65_536


class Proxy:
    """Forwards bytes to a port, subject to `fault`. "slow" waits before an answer, "drips" sends it
    one byte a second, "deaf" accepts everything and answers nothing, "resets" resets a connection
    when data is sent on it, and "gone" does not listen."""

    def __init__(self, port: int, certificate: Path | None = None) -> None:
        self._to = port
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._fault: Fault = "none"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = self._listening(0)
        self.port = int(self._listener.getsockname()[1])
        self.answered = 0  # number of answers received

    @property
    def fault(self) -> Fault:
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        before, self._fault = self._fault, fault
        if fault == "gone":
            _shut(self._listener)
            self._listener = _bound(self.port)  # so that no other server gets the port
            self.cut()
        elif before == "gone":
            self._listener.close()
            self._listener = self._listening(self.port)

    def cut(self) -> None:
        """Close the open connections."""
        with self._lock:
            for connection in self._open:
                _reset(connection)
            self._open.clear()

    def close(self) -> None:
        _shut(self._listener)
        self.cut()

    def _listening(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            server = socket.create_connection(("127.0.0.1", self._to))
            with self._lock:
                self._open |= {connection, server}
            back = threading.Thread(target=self._back, args=(server, connection), daemon=True)
            back.start()
            while said := connection.recv(CHUNK_BYTES):
                if self._fault == "resets":
                    _reset(connection)
                    break
                if self._fault != "deaf":
                    server.sendall(said)
            self._end(server, connection)

    def _back(self, server: socket.socket, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while said := server.recv(CHUNK_BYTES):
                if self._fault == "slow":
                    time.sleep(SLOW_S)
                for at in range(len(said)) if self._fault == "drips" else ():
                    connection.sendall(said[at : at + 1])
                    time.sleep(1)
                if self._fault != "drips":
                    connection.sendall(said)
                self.answered += 1
            self._end(server, connection)

    def _end(self, *connections: socket.socket) -> None:
        """Close both sides, which ends the threads that read from them."""
        with self._lock:
            self._open -= set(connections)
        for connection in connections:
            _shut(connection)


@contextmanager
def proxy_to(port: int, certificate: Path | None = None) -> Iterator[Proxy]:
    """Run a proxy during the block. With a certificate (PEM, including the key), it uses TLS."""
    proxy = Proxy(port, certificate)
    try:
        yield proxy
    finally:
        proxy.close()


def _bound(port: int) -> socket.socket:
    """Return a socket that has the port and refuses connections, as it does not listen."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", port))
    return holder


def _shut(one: socket.socket) -> None:
    """Shut down and close a socket, which wakes the threads that accept or read on it."""
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def _reset(connection: socket.socket) -> None:
    """Close a connection with RST, as a dying process with unread data does."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
