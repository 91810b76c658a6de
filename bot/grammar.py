"""The command table, and a line of text to a Request.

The same line means the same in Slack, in the terminal and in a test. Help, the README's table
and the Slack manifest come from, or are checked against, `COMMANDS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.replies import Help, HelpCommand, HelpOption, Problem
from index.text import clean

LONGEST_TEXT = 8_000  # characters; a model reads far less, and a longer paste is a mistake
LONGEST_LINE = 4 * LONGEST_TEXT

CommandName = Literal["near", "define", "help"]


@dataclass(frozen=True, slots=True)
class Option:
    """`key=value` at the end of a line: `value` is what help shows for it; whole numbers have
    `bounds`."""

    key: str
    value: str
    summary: str
    bounds: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name without slash and prefix, what follows it, and how it is explained."""

    name: CommandName
    argument: str
    summary: str
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    slack: bool = True  # whether Slack knows it as a slash command


COMMANDS = (
    Command(
        "near",
        "TEXT",
        "the entries nearest to a text, with how similar they are and their definitions",
        (
            Option("n", "10", "how many neighbours, 1 to 20 (5 when not given)", (1, 20)),
            Option("in", "CATEGORY", "only entries of this category; a word of its name will do"),
            Option("from", "SOURCE", "only entries of this glossary"),
        ),
        ("/near the bot invents papers that don't exist", "/near token n=10 in=architecture"),
    ),
    Command(
        "define",
        "TERM",
        "one whole entry, and the entries nearest to it",
        examples=("/define RAG", "/define temperature"),
    ),
    Command(
        "help",
        "[COMMAND]",
        "what there is, or how one command is used",
        examples=("/help near",),
        slack=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks: a command, its text, and its options by key."""

    command: CommandName
    text: str
    options: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


_QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "„": "“", "«": "»"}
_COMMAND = re.compile(r"/(\S*)\s*(.*)", re.DOTALL)


def parse(line: str, prefix: str = "") -> Request | Problem:
    """What `line` asks for; a `Problem` that shows the right form when it asks for nothing.

    A line that begins with a slash is a command, with `prefix` before its name; `help` is help;
    anything else is a text whose neighbours are wanted.
    """
    if len(line) > LONGEST_LINE:
        return _too_long(len(line))
    line = clean(line)
    if line.casefold() in ("help", "?"):
        return Request("help", "")
    if line.casefold() in {f"help {prefix}{command.name}" for command in COMMANDS}:
        return Request("help", line.split()[1].casefold().removeprefix(prefix))
    spoken = _COMMAND.fullmatch(line)
    if spoken is None:
        return _checked(Request("near", line), prefix)
    name = spoken[1].casefold()
    command = next((known for known in COMMANDS if prefix + known.name == name), None)
    if command is None and name == "help":
        command = _command("help")
    if command is None:
        return _no_such_command(spoken[1], prefix)
    rest = spoken[2]
    if command.name != "help" and rest.casefold() in ("help", "--help", "-h", "—help", "?"):
        return Request("help", command.name)
    return _with_options(command, rest, prefix)


def line_of(request: Request, prefix: str = "") -> str:
    """The line that asks for `request`: `parse` gives it back."""
    options = "".join(f" {key}={_quoted(str(value))}" for key, value in request.options.items())
    return f"/{prefix}{request.command} {request.text}{options}"


def _quoted(value: str) -> str:
    """A value of an option, in quotes that do not stand in it, where it needs any."""
    if not any(character.isspace() or character in '"“”„«»' for character in value):
        return value
    return f'"{value}"' if '"' not in value else f"“{value}”"


def help_for(request: Request, prefix: str = "") -> Help | Problem:
    """The help that a `help` request asks for."""
    wanted = request.text.strip().lstrip("/").casefold().removeprefix(prefix)
    if not wanted:
        return Help(commands=tuple(_help(command, prefix) for command in COMMANDS))
    for command in COMMANDS:
        if command.name == wanted:
            return Help(commands=(_help(command, prefix),))
    return _no_such_command(wanted, prefix)


def usage(command: Command, prefix: str = "") -> str:
    """The form of a command: `/near TEXT [n=10] [in=CATEGORY]`."""
    options = "".join(f" [{option.key}={option.value}]" for option in command.options)
    return f"/{prefix}{command.name} {command.argument}{options}"


def _command(name: CommandName) -> Command:
    return next(command for command in COMMANDS if command.name == name)


def _help(command: Command, prefix: str) -> HelpCommand:
    return HelpCommand(
        usage(command, prefix),
        command.summary,
        tuple(HelpOption(f"{o.key}={o.value}", o.summary) for o in command.options),
        tuple(example.replace("/", f"/{prefix}", 1) for example in command.examples),
    )


def _with_options(command: Command, rest: str, prefix: str) -> Request | Problem:
    """Takes the options off the end of `rest`; what stands before them is the text."""
    options: dict[str, str | int] = {}
    while len(options) < len(command.options):
        taken = _last_option(command, rest)
        if taken is None or taken[0].key in options:
            break
        option, value, before = taken
        if option.bounds:
            number = _whole_number(value)
            low, high = option.bounds
            if number is None or not low <= number <= high:
                return Problem(
                    code="usage",
                    message=f"{option.key}={value}: {option.key} is a whole number from {low} "
                    f"to {high}.",
                    hint=usage(command, prefix),
                )
            options[option.key] = number
        else:
            options[option.key] = value
        rest = before
    return _checked(Request(command.name, rest, MappingProxyType(options)), prefix)


def _last_option(command: Command, text: str) -> tuple[Option, str, str] | None:
    """The option that `text` ends with, its value, and the text before it."""
    for option in command.options:
        pattern = rf"(?:^|\s)[-–—]*{option.key}[=:]({_QUOTED}|[^\s\"“”„«»]+)$"
        found = re.search(pattern, text[-_LONGEST_OPTION:], re.IGNORECASE)
        if found:
            at = max(0, len(text) - _LONGEST_OPTION) + found.start()
            return option, _unquoted(found[1]), text[:at].rstrip()
    return None


_LONGEST_OPTION = 200  # characters, the key included
_QUOTED = "|".join(f"{opening}[^{closing}]*{closing}" for opening, closing in _QUOTES.items())


def _unquoted(value: str) -> str:
    if len(value) > 1 and _QUOTES.get(value[0]) == value[-1]:
        return value[1:-1].strip()
    return value


def _whole_number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _checked(request: Request, prefix: str) -> Request | Problem:
    """The request, when its text is neither missing nor too long."""
    if len(request.text) > LONGEST_TEXT:
        return _too_long(len(request.text))
    if not request.text and request.command != "help":
        command = _command(request.command)
        what = "a term" if command.argument == "TERM" else "a text"
        return Problem(
            code="empty",
            message=f"/{prefix}{command.name} needs {what} after it.",
            hint=f"For example: {_help(command, prefix).examples[0]}",
        )
    return request


def _too_long(length: int) -> Problem:
    return Problem(
        code="too_long",
        message=f"That is {length:,} characters; up to {LONGEST_TEXT:,} are read.",
        hint="Send the part that matters.",
    )


def _no_such_command(name: str, prefix: str) -> Problem:
    name = name[:40]
    known = [prefix + command.name for command in COMMANDS]
    close = process.extractOne(
        name.casefold(), known, scorer=OSA.distance, score_cutoff=max(1, len(name) // 3)
    )
    meant = f"Did you mean /{close[0]}? " if close else ""
    listed = ", ".join(f"/{other}" for other in known)
    return Problem(
        code="unknown_command",
        message=f'There is no command "/{name}".',
        hint=f"{meant}There are {listed}.",
    )
