"""The files that settings come from: `.env`, and files that hold one secret each."""

import os
import re
import shlex
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.setting_values import read_key

_FOREIGN = ("SLACK_API_TOKEN",)  # of other programs, though it resembles a setting
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "DATABASE_URL",
    "CHROMA_TOKEN",
)


def distrust(file: Path) -> str:
    """Return why a settings file is not read; empty if it may be.

    It may send the tokens to an address of its own, so only the user and root may have written it.
    """
    if not hasattr(os, "getuid"):  # Windows
        return ""
    ours, shown = {0, os.getuid()}, file.absolute()
    try:
        real, link = file.stat(), file.lstat()
    except FileNotFoundError:
        return ""
    if real.st_uid not in ours or link.st_uid not in ours:
        return (
            f"{shown} belongs to another user of this machine, so it is not read. If its content "
            f"is yours, run: sudo chown {os.getuid()} {shlex.quote(str(shown))}"
        )
    if real.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return (
            f"Other users of this machine can write to {shown} (mode {stat.S_IMODE(real.st_mode):o}"
            f"), so it is not read. Run: chmod go-w {shlex.quote(str(shown))}"
        )
    return ""


def with_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of settings that are not empty, stripped, with the content of each secret's
    file, `NAME_FILE`.

    Raises `ValueError` if a file cannot be read, or a secret is given twice.
    """
    bare = {name: v.strip() if isinstance(v, str) else v for name, v in values.items()}
    values = {name: value for name, value in bare.items() if value != ""}
    given = dict(values)
    for name in SECRETS:
        path = values.get(f"{name}_FILE")
        if not path:
            continue
        if values.get(name):
            raise ValueError(f"{name} and {name}_FILE are both set: unset one of them.")
        with suppress(RuntimeError):  # "~nobody"; the setting's own parser reports it
            try:
                given[name] = read_key(Path(str(path)).expanduser())
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise ValueError(
                    f"{name}_FILE names {path}, which cannot be read: {reason}."
                ) from None
            except ValueError as error:
                raise ValueError(f"{name}_FILE names {path}, whose content {error}.") from None
    return given


def name_error(name: str, names: list[str], prefix: str) -> str:
    """Return the problem with a variable's name; empty for settings and unrelated variables."""
    # SLACK_CHANNEL may belong to other software; SLACK_BOT_TOKN is a typo.
    ours = name.startswith(prefix)
    if name in names or name in _FOREIGN:
        return ""
    close = process.extractOne(name, names, scorer=OSA.distance, score_cutoff=4 if ours else 2)
    if close:
        return f"{name} is not a setting. Did you mean {close[0]}?"
    return f"{name} is not a setting. .env.example lists all settings." if ours else ""


def problems_of(error: ValidationError) -> list[str]:
    """Return a sentence for each invalid value."""
    return [
        f"{wrong['loc'][0]} {wrong['ctx']['error']}; it is {_quoted(wrong['input'])}."
        if wrong["loc"]
        else str(wrong["ctx"]["error"])
        for wrong in error.errors()
    ]


def _quoted(value: object) -> str:
    """Return the value of a setting for an error, unless it may be a secret."""
    text = str(value)
    signs = any(sign in text for sign in ("xoxb-", "xoxp-", "xapp-", "@"))
    query = "://" in text and "?" in text  # it may hold a key
    secret = signs or query or re.search("[0-9a-fA-F]{32}", text) is not None
    return "not shown here" if secret else repr(text[:80])
