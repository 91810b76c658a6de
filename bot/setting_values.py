"""What the values of settings may be: each function makes a value of the text that was given for
it, or raises `ValueError` with what the value is to be, to stand behind the setting's name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from index.sources.source import Source

LONGEST_PREFIX = 20  # of 32 that a slash command has in Slack, the slash included
LSA = "lsa"  # among models: the space that is learned from the words of the index
MODELS = 3  # set beside that of the index, at most


def one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        for choice in choices:
            if value.casefold() == choice.casefold():
                return choice
        raise ValueError(f"is one of {', '.join(choices)}")

    return read


def folder(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError("names a home folder that does not exist") from error


def sources(value: str) -> tuple[Source, ...]:
    found = [Source.parse(part) for part in value.split(os.pathsep) if part.strip()]
    return tuple(replace(source, path=str(folder(source.path))) for source in found)


def user_ids(value: str) -> tuple[str, ...]:
    ids = [part.strip() for part in value.split(",") if part.strip()]
    if not all(re.fullmatch(r"[UW][A-Z0-9]{2,20}", part) for part in ids):
        raise ValueError("lists user ids such as U012ABCDEF, separated by commas")
    return tuple(ids)


def channel(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{2,20}", value):
        raise ValueError("is the id of a channel, such as C012ABCDEF")
    return value


def models(value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if not 0 < len(names) <= MODELS:
        raise ValueError(f"lists one to {MODELS} models, separated by commas")
    return tuple(LSA if name.casefold() == LSA else name for name in names)


def yes(value: str) -> bool:
    return one_of("yes", "no")(value) == "yes"


def on(value: str) -> bool:
    return one_of("on", "off")(value) == "on"


_UNITS = {"m": 60, "h": 3_600, "d": 86_400}


def every(value: str) -> int:
    number, unit = value[:-1], value[-1:].casefold()
    if re.fullmatch(r"[1-9][0-9]{0,4}", number.lstrip("0")) is None or unit not in _UNITS:
        raise ValueError("is a time such as 30m, 6h or 1d")
    return int(number) * _UNITS[unit]


def days(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value[:6]) <= 36_500):
        raise ValueError("is a number of days, 0 to 36500")
    return int(value)


def rate(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value[:7]) <= 100_000):
        raise ValueError("is a number of requests a minute, 0 to 100000")
    return int(value)


def port(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 0 < int(value) < 65_536):
        raise ValueError("is a port, 1 to 65535")
    return int(value)


def api_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("is a web address, such as https://slack.com/api/")
    if parts.username or parts.password:
        raise ValueError("has no user name or password in it")
    return value.rstrip("/") + "/"


def chroma_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("is the address of a Chroma server, such as https://chroma.example:8000")
    if parts.username or parts.password:
        raise ValueError("has no user name or password in it; CHROMA_TOKEN is for those")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("ends with the host or the port")
    _ = parts.port  # raises ValueError when it is none
    return value.rstrip("/")


def command_prefix(value: str) -> str:
    if not all(
        character.isascii() and (character.isalnum() or character in "-_") for character in value
    ):
        raise ValueError("has only letters, digits, - and _")
    if len(value) > LONGEST_PREFIX:
        raise ValueError(f"has at most {LONGEST_PREFIX} characters")
    return value.casefold()
