"""Parsers for the values of settings.

Each parser returns the value, or raises `ValueError` with a message that continues a sentence after
the setting's name.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import PlainValidator

from index.sources.source import Source
from index.sources.web_address import WebAddress, parse_hosts
from index.ways.chat_server import is_loopback

LSA = "lsa"  # in NEARSAY_MODELS: latent semantic analysis, learned from the index itself
MAX_MODELS = 3  # in NEARSAY_MODELS
_APART = re.escape(os.pathsep)
# An address with its name, or anything else, up to the separator.
_SOURCE = re.compile(
    rf"(?:[^{_APART}/=]*=)?\s*https?://[^/?#\s]*[^{_APART}]*|[^{_APART}]+", re.IGNORECASE
)
MAX_PREFIX = 20  # characters; a slash command in Slack has at most 32, the slash included

MAX_KEY = 4_096  # characters of NEARSAY_LLM_KEY


def text_value(read: Callable[[str], object]) -> PlainValidator:
    """Return a validator that parses text with `read` and keeps other values."""
    return PlainValidator(lambda value: read(value) if isinstance(value, str) else value)


def one_of(*choices: str) -> PlainValidator:
    """Return a validator for one of `choices`, ignoring case."""
    return text_value(lambda value: _choice(value, choices))


def _choice(value: str, choices: tuple[str, ...]) -> str:
    for choice in choices:
        if value.casefold() == choice.casefold():
            return choice
    raise ValueError(f"must be one of {', '.join(choices)}")


def whole_number(what: str, least: int, most: int) -> PlainValidator:
    """Return a validator for a whole number from `least` to `most`, called `what` in the error."""

    def read(value: str) -> int:
        digits = value.lstrip("0")[:10] or "0"
        if not (value.isascii() and value.isdecimal() and least <= int(digits) <= most):
            raise ValueError(f"must be {what}, {least} to {most}")
        return int(digits)

    return text_value(read)


def _path(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError("names a home folder that does not exist") from error


def parse_sources(value: str) -> tuple[Source, ...]:
    """Parse sources separated by the system's path separator. The colons of `https://` and of a
    port separate nothing."""
    parts = _SOURCE.findall(value)
    found = [Source.parse(part) for part in parts if part.strip()]
    require_distinct_names(found)
    return tuple(map(require_address, found))


def require_address(source: Source) -> Source:
    """Return a source, its path with the home folder in place of `~`. Raises `ValueError` if it has
    an invalid web address, or names a home folder that does not exist."""
    if not source.is_web:
        return replace(source, path=str(_path(source.path)))
    try:
        WebAddress.parse(source.path)
    except ValueError as error:
        raise ValueError(f"has an address {error}") from error
    return source


def parse_source_hosts(value: str) -> tuple[str, ...]:
    """Parse hosts separated by commas."""
    return parse_hosts(_listed(value))


def require_distinct_names(sources: Iterable[Source]) -> None:
    """Raise `ValueError` if two of the `sources` have the same name."""
    named: dict[str, Source] = {}
    for source in sources:
        if named.setdefault(source.name, source) is not source:
            raise ValueError(
                f'has two glossaries named "{source.name}": '
                f"write NAME={source.shown} to give one another name"
            )


def _channel(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{2,20}", value):
        raise ValueError("must be the id of a channel, such as C012ABCDEF")
    return value


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def parse_users(value: str) -> tuple[str, ...]:
    """Parse user ids separated by commas."""
    if not all(re.fullmatch(r"[UW][A-Z0-9]{2,20}", part) for part in _listed(value)):
        raise ValueError("must list user ids such as U012ABCDEF, separated by commas")
    return tuple(_listed(value))


def parse_models(value: str) -> tuple[str, ...]:
    """Parse at most `MAX_MODELS` names of models separated by commas."""
    names = tuple(dict.fromkeys(_listed(value)))
    if not 0 < len(names) <= MAX_MODELS:
        raise ValueError(f"must list one to {MAX_MODELS} models, separated by commas")
    return tuple(LSA if name.casefold() == LSA else name for name in names)


def parse_seconds(value: str) -> int:
    """Parse a duration such as 30m, 6h or 1d into seconds."""
    given = re.fullmatch(r"([0-9]{1,5})([mhd])", value.casefold(), re.ASCII)
    if given is None or not int(given[1]):
        raise ValueError("must be a time such as 30m, 6h or 1d")
    return int(given[1]) * {"m": 60, "h": 3_600, "d": 86_400}[given[2]]


def _address(value: str, what: str, elsewhere: str = "") -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError(f"must be {what}")
    if parts.username or parts.password:
        raise ValueError(f"must not contain a user name or password{elsewhere}")
    return value.rstrip("/")


def parse_api_url(value: str) -> str:
    """Parse the address of Slack's API; the result ends with a slash."""
    address = _address(value, "a web address, such as https://slack.com/api/")
    parts = urlsplit(address)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("must begin with https://, since the token is sent to it")
    return address + "/"


def parse_chroma_url(value: str) -> str:
    """Parse the address of a Chroma server, without path, user or password."""
    what = "the address of a Chroma server, such as https://chroma.example:8000"
    address = _address(value, what, " (set CHROMA_TOKEN instead)")
    parts = urlsplit(address)
    if parts.path or parts.query or parts.fragment:
        raise ValueError("must end with the host or the port")
    _ = parts.port  # raises ValueError if invalid
    return address


def parse_llm_url(value: str) -> str:
    """Parse the address of a language model's server, without user, password and query. The path of
    chat completions at its end is left out, since the client adds it."""
    what = "the https address of OpenAI's chat completions, such as https://llm.example/v1"
    address = _address(value, what, " (set NEARSAY_LLM_KEY instead)")
    parts = urlsplit(address)
    if not re.fullmatch(r"[!-~]+", address) or parts.query or parts.fragment:
        raise ValueError(f"must be {what}")
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("must begin with https://, unless the server is on this machine")
    _ = parts.port  # raises ValueError if invalid
    return address.removesuffix("/chat/completions")


def parse_public_url(value: str) -> str:
    """Parse the address under which this server is reached, without a path."""
    address = _address(value, "the https address of this server, https://nearsay.example.com")
    parts = urlsplit(address)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("must begin with https://, since tokens are sent to it")
    if parts.path or parts.query or parts.fragment:
        raise ValueError("must end with the host or the port; agents reach it at /mcp")
    _ = parts.port  # raises ValueError if invalid
    return address


def parse_key(value: str) -> str:
    """Return a key that an HTTP header can hold."""
    if len(value) > MAX_KEY or not re.fullmatch("[!-~]+", value):
        raise ValueError(f"must be a key of at most {MAX_KEY:,} ASCII characters without spaces")
    return value


def read_key(file: Path) -> str:
    """Read a key from a file. Raises `OSError` and `ValueError`."""
    with file.open("rb") as opened:
        content = opened.read(2 * MAX_KEY)
    return parse_key(content.decode("utf-8-sig", errors="replace").strip())


def passwords_in(address: str) -> Iterator[str]:
    """Yield the passwords in a URL, from the user info and the query string, both as written and
    percent-decoded. Passwords whose special characters are not encoded are found too."""
    before, _, query = address.partition("://")[2].partition("?")
    given = [before.rpartition("@")[0].partition(":")[2]]
    given += [value for name, value in parse_qsl(query) if "pass" in name.casefold()]
    yield from (form for one in given if one for form in (one, unquote(one)))


def parse_learn(value: str) -> str:
    """Parse from what ways to ask are learned."""
    if value.casefold() != "questions":
        raise ValueError("must be questions, or empty so that nothing is learned")
    return "questions"


def parse_command_prefix(value: str) -> str:
    """Parse the prefix of the slash commands, and convert it to lower case."""
    if not re.fullmatch("[a-zA-Z0-9_-]*", value):
        raise ValueError("must have only letters, digits, - and _")
    if len(value) > MAX_PREFIX:
        raise ValueError(f"must have at most {MAX_PREFIX} characters")
    return value.casefold()


Folder = Annotated[Path, text_value(_path)]
Port = Annotated[int, whole_number("a port", 1, 65_535)]
Rate = Annotated[int, whole_number("a number of requests a minute", 0, 100_000)]
RETENTION_DAYS = 90  # default of NEARSAY_RETENTION_DAYS
Mode = Literal["socket", "http"]
YesNo = Annotated[bool, text_value(lambda value: _choice(value, ("yes", "no")) == "yes")]
OnOff = Annotated[bool, text_value(lambda value: _choice(value, ("on", "off")) == "on")]
Channel = Annotated[str, text_value(_channel)]
