"""The types of commands, verbs, options and requests. The table is in `bot.commands.catalog`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CommandName = Literal[
    "near", "define", "latent", "near-admin", "list", "explain", "help", "forget", "ask"
]
LONGEST_OPTION = 200  # characters, the key included
QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "„": "“", "«": "»"}
QUOTED_VALUE = "|".join(f"{opening}[^{closing}]*{closing}" for opening, closing in QUOTES.items())


@dataclass(frozen=True, slots=True)
class Option:
    """An option at the end of a line: `key=value`, or the flag `--key` if `value` is empty. `value`
    is an example for the help; whole numbers have `bounds`. After "=", a value with `spaces` needs
    no quotes. `synonyms` are keys that users type in its place; the reply suggests `key`."""

    key: str
    value: str
    summary: str
    bounds: tuple[int, int] | None = None
    spaces: bool = False
    synonyms: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        return f"{self.key}={self.value}" if self.value else f"--{self.key}"


@dataclass(frozen=True, slots=True)
class Verb:
    """A subcommand, such as `reindex` in `/near-admin reindex`. Arguments in brackets are
    optional. Without the bundled encyclopedia, `own_examples` replace `examples` whose terms it
    has; {0}, {1} and {2} stand for terms of the team's glossary."""

    name: str
    argument: str
    summary: str
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    own_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command(Verb):
    """A command; its name has no slash and no prefix.

    A command with `verbs` needs one of them, which defines the options. A `spoken` command is
    written without a slash, one with a `colon` as `name: text`.
    """

    name: CommandName
    slack: bool = True  # registered as a slash command in Slack
    verbs: tuple[Verb, ...] = ()
    spoken: bool = False
    colon: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed line: a command, its text, its options by key, and its verb if any. A flag has the
    value "yes"."""

    command: CommandName
    text: str
    options: Mapping[str, str | int] = field(default_factory=dict)
    verb: str = ""
