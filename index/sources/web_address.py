"""The address of a glossary on the web, and the hosts that may be fetched from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from index.text import shorten

HTTPS_PORT = 443
LONGEST_ADDRESS = 2_000  # characters
LONGEST_SHOWN = 200  # characters of an address in messages
ANY_SUBDOMAIN = "*."
_WEB = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_PATH_SIGNS = "/%:@!$&'()*+,;=~"  # signs that a path may contain as they are
_EXAMPLE = "such as https://docs.example.com/glossary.csv"


def is_web(path: str) -> bool:
    """Return whether the path of a source is a web address."""
    return _WEB.match(path) is not None


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An https address. The query may hold a secret, so that `str` and `repr` leave it out."""

    host: str
    port: int
    path: str
    query: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> WebAddress:
        """Parse an address. Raises `ValueError` with a message that continues a sentence after "has
        an address" and does not quote the address."""
        if len(text) > LONGEST_ADDRESS:
            raise ValueError(f"of more than {LONGEST_ADDRESS:,} characters")
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise ValueError(f"that is not valid: write one {_EXAMPLE}") from error
        if parts.scheme != "https":
            raise ValueError(f"that does not start with https://: write one {_EXAMPLE}")
        if "@" in parts.netloc:
            raise ValueError("with a user name or password: remove the part before @")
        if not _HOST.fullmatch(host):
            raise ValueError(f"without a valid host name: write one {_EXAMPLE}")
        path = quote(parts.path or "/", safe=_PATH_SIGNS)
        query = quote(parts.query, safe=f"{_PATH_SIGNS}?")
        return cls(host, HTTPS_PORT if port is None else port, path, query)

    def __str__(self) -> str:
        """The host and the path, shortened."""
        return shorten(f"{self.place}{self.path}", LONGEST_SHOWN)

    @property
    def place(self) -> str:
        """The host, and the port if it is not the usual one."""
        return self.host if self.port == HTTPS_PORT else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address that is requested, with the query: a secret."""
        return f"https://{self.place}{self.path}{'?' if self.query else ''}{self.query}"

    @property
    def file(self) -> PurePosixPath:
        """The last part of the path, decoded; empty if the path ends with a slash."""
        last = unquote(self.path.rpartition("/")[2])
        return PurePosixPath(re.sub(r"[^\w.-]+", "-", last).lstrip("."))


def shown(path: str) -> str:
    """Return the path of a source as it is shown: of a web address only the host and the path."""
    if not is_web(path):
        return path
    try:
        return str(WebAddress.parse(path))
    except ValueError:
        return "an invalid address"


def parse_hosts(listed: Iterable[str]) -> tuple[str, ...]:
    """Parse host names, or subdomains as `*.example.com`. Raises `ValueError` with a message that
    continues a sentence after the name of the list."""
    hosts = tuple(host.casefold() for host in listed)
    for host in hosts:
        name = host.removeprefix(ANY_SUBDOMAIN)
        if "." not in name or not _HOST.fullmatch(name):
            raise ValueError(
                "must list hosts such as docs.example.com or *.example.com, separated by commas"
            )
    return hosts


def is_allowed(host: str, hosts: Iterable[str]) -> bool:
    """Return whether a host is in a list from `parse_hosts`. `*.example.com` stands for the
    subdomains of example.com, not for itself."""
    return any(
        host.endswith(one[1:]) and len(host) >= len(one)
        if one.startswith(ANY_SUBDOMAIN)
        else host == one
        for one in hosts
    )
