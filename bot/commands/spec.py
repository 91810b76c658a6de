"""What commands, their verbs and their options are made of, and what a line asks for; the table of
them is in `bot.commands.catalog`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

CommandName = Literal["near", "define", "latent", "near-admin", "help", "forget", "ask"]


@dataclass(frozen=True, slots=True)
class Option:
    """`key=value` at the end of a line, or the bare `--key` where `value` is empty: `value` is
    what help shows for it; whole numbers have `bounds`."""

    key: str
    value: str
    summary: str
    bounds: tuple[int, int] | None = None

    @property
    def usage(self) -> str:
        return f"{self.key}={self.value}" if self.value else f"--{self.key}"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name without slash and prefix, what follows it, and how it is explained.

    A command with `verbs` is followed by one of them, which has options of its own. An argument
    in brackets may be left out. `spoken` is what no slash stands before: a line that is no command
    is one of these.
    """

    name: CommandName
    argument: str
    summary: str
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    slack: bool = True  # whether Slack knows it as a slash command
    verbs: tuple[Verb, ...] = ()
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """What can follow a command's name: `/near-admin reindex`."""

    name: str
    argument: str
    summary: str
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks: a command, its text, its options by key, and its verb where it has
    verbs. A bare option has the value "yes"."""

    command: CommandName
    text: str
    options: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))
    verb: str = ""
