"""Parse a line of text into a Request, and format a Request as a line."""

import re
from functools import cache

from bot.commands.catalog import COMMANDS, command_named, form_of, verb_of
from bot.commands.help import (
    EXAMPLE,
    SHORT_HELP,
    SLASHED,
    closest,
    example_of,
    no_such_command,
    usage,
)
from bot.commands.option_hints import unknown_option
from bot.commands.spec import LONGEST_OPTION, QUOTED_VALUE, QUOTES, Command, Option, Request, Verb
from bot.replies.base import Problem
from index.text import clean, normalized, one_line

LONGEST_TEXT = 8_000  # characters in NFKC; longer pastes are mistakes, and models read far less
LONGEST_LINE = 4 * LONGEST_TEXT

_YES_OR_NO = {"yes": "yes", "on": "yes", "true": "yes", "no": "no", "off": "no", "false": "no"}
_FORGET = re.compile(r"(?:please )?delete (?:all )?my data(?:,? please)?[.! ]*", re.IGNORECASE)
_NEEDED = {  # by argument
    "TERM": "a term",
    "TERM [= DEFINITION]": "a term",
    "TEXT": "a text",
    "SOURCE": "the name of a source",
    "A | B": "two texts with a bar between them",
    "A -> B": "two texts with an arrow between them",
    "BEFORE -> AFTER": "a prompt and an edit to it",
    "A, B, C": "three texts with commas between them",
    "A + B - C": "texts with a plus or a minus between them",
}
_HELP = ("help", "--help", "-h", "—help", "?")
_HELP_WITH_WORD = re.compile(r"help \S+", re.IGNORECASE)
_COMMAND = re.compile(r"/(\S*)\s*(.*)", re.DOTALL)
_COLON = re.compile(
    rf"({'|'.join(one.name for one in COMMANDS if one.colon)}):\s*(.*)", re.DOTALL | re.IGNORECASE
)


def parse(line: str, prefix: str = "") -> Request | Problem:
    """Parse a line into a request, or return a `Problem` that shows the correct usage.

    A line that starts with a slash is a command, with `prefix` before its name. `help` is a request
    for help, "delete my data" one to delete it. Any other line is a question.
    """
    if len(line) > LONGEST_LINE:
        return _too_long(len(line))
    line = clean(line)
    if line.casefold() in ("help", "help me", "help please", "please help", "commands", "?"):
        return Request("help", line if line == SHORT_HELP else "")
    if line.casefold() in _lines_for_help(prefix) or _HELP_WITH_WORD.fullmatch(line):
        return Request("help", line.partition(" ")[2].casefold())
    if _FORGET.fullmatch(line):
        return Request("forget", line)
    spoken = _COMMAND.fullmatch(_with_slash(line, prefix))
    if spoken is None:
        return validate(Request("ask", line), prefix)
    name = spoken[1].casefold()
    command = next((known for known in SLASHED if prefix + known.name == name), None)
    if command is None and name == "help":
        command = command_named("help")
    if command is None:
        return no_such_command(spoken[1], prefix)
    rest = spoken[2]
    if command.name != "help" and rest.casefold() in _HELP:
        return Request("help", command.name)
    if command.name == "near" and (
        _FORGET.fullmatch(rest) or rest.casefold() in _lines_for_help(prefix)
    ):
        return parse(rest, prefix)
    if command.verbs:
        return _with_verb(command, rest, prefix)
    if command.name == "define" and re.search(r"\s=\s", rest):
        return validate(Request("define", rest), prefix)  # a suggestion has no options
    return _with_options(command, command, rest, prefix)


def _with_slash(line: str, prefix: str) -> str:
    """Return `name: text` as `/name text` if a command is written that way."""
    found = _COLON.fullmatch(line)
    return f"/{prefix}{found[1]} {found[2]}" if found else line


def line_of(request: Request, prefix: str = "") -> str:
    """Return the line that `parse` turns into `request`."""
    command = command_named(request.command)
    if command.spoken:
        return request.text
    bare = {o.key for o in form_of(request).options if not o.value}
    name = f"{request.command}:" if command.colon else f"/{prefix}{request.command}"
    parts = [name, request.verb, request.text]
    parts += [
        f"--{key}" if key in bare else f"{key}={_quoted(str(value))}"
        for key, value in request.options.items()
    ]
    return " ".join(part for part in parts if part)


@cache
def _lines_for_help(prefix: str) -> frozenset[str]:
    names = [f"{start}{command.name}" for command in COMMANDS for start in ("", prefix)]
    names += [f"{prefix}{known.name} {verb.name}" for known in COMMANDS for verb in known.verbs]
    return frozenset(f"help {slash}{name}" for name in names for slash in ("", "/"))


def _quoted(value: str) -> str:
    if not any(character.isspace() or character in '"“”„«»' for character in value):
        return value
    return f'"{value}"' if '"' not in value else f"“{value}”"


def _with_verb(command: Command, rest: str, prefix: str) -> Request | Problem:
    word, rest = [*rest.split(None, 1), "", ""][:2]
    name = word.casefold()
    if name in _HELP:
        return Request("help", f"{command.name} {rest.casefold()}")
    verb = next((known for known in command.verbs if known.name == name), None)
    if verb is not None and rest.casefold() in _HELP:
        return Request("help", f"{command.name} {name}")
    if verb is not None:
        return _with_options(command, verb, rest.strip(), prefix)
    listed = ", ".join(known.name for known in command.verbs)
    close = closest(name, [known.name for known in command.verbs])
    meant = f"Did you mean {close}? " if close else ""
    what = f'/{prefix}{command.name} has no subcommand "{word[:40]}".'
    return Problem(
        code="unknown_command" if word else "empty",
        message=what if word else f"/{prefix}{command.name} needs a subcommand after it.",
        hint=f"{meant}Subcommands: {listed}.",
    )


def _with_options(command: Command, form: Verb, rest: str, prefix: str) -> Request | Problem:
    options: dict[str, str | int] = {}
    verb = None if isinstance(form, Command) else form
    while len(options) < len(form.options):
        taken = _last_option(form, rest)
        if taken is None or taken[0].key in options:
            break
        option, value, rest = taken
        parsed: str | int | None = value
        if option.bounds:
            low, high = option.bounds
            number = _whole_number(value)
            parsed = number if number is not None and low <= number <= high else None
            allowed = f"a whole number from {low} to {high}"
        elif option.value == "yes":
            parsed, allowed = _YES_OR_NO.get(value.casefold()), "yes or no"
        if parsed is None:
            return Problem(
                code="usage",
                message=f"{option.key}={value}: {option.key} must be {allowed}.",
                hint=usage(command, prefix, verb),
            )
        options[option.key] = parsed
    unknown = unknown_option(command, verb, rest, prefix)
    return unknown or validate(
        Request(command.name, rest, options, verb.name if verb else ""), prefix
    )


def _last_option(form: Verb, text: str) -> tuple[Option, str, str] | None:
    for option in form.options:
        found = _option_pattern(option).search(text[-LONGEST_OPTION:])
        if found:
            at = max(0, len(text) - LONGEST_OPTION) + found.start()
            return option, _unquoted(found[1]) if option.value else "yes", text[:at].rstrip()
    return None


@cache
def _option_pattern(option: Option) -> re.Pattern[str]:
    """Return the pattern for an option at the end of a text; group 1 is its value. An option
    without a value needs its dashes: a definition may end in "yes"."""
    word = r"[^\s\"“”„«»=]+"
    value = rf"[=:]({QUOTED_VALUE}|[^\s\"“”„«»]+)" if option.value else "()"
    if option.spaces:
        value = rf"(?:[=:](?={QUOTED_VALUE}$|\S+$)|=)({QUOTED_VALUE}|{word}(?: +{word}){{0,7}})"
    dashes = "[-–—]*" if option.value else "[-–—]+"
    return re.compile(rf"(?:^|\s){dashes}{option.key}{value}$", re.IGNORECASE)


def _unquoted(value: str) -> str:
    if len(value) > 1 and QUOTES.get(value[0]) == value[-1]:
        return value[1:-1].strip()
    return value


def _whole_number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def validate(request: Request, prefix: str) -> Request | Problem:
    """Return the request, or a `Problem` if its text is missing, too long or not allowed."""
    if (length := len(normalized(request.text))) > LONGEST_TEXT:
        return _too_long(length)
    form = form_of(request)
    if not request.text and form.argument and not form.argument.startswith("["):
        command = command_named(request.command)
        what = _NEEDED.get(form.argument, form.argument)
        name = f"{command.name}:" if command.colon else f"/{prefix}{command.name}"
        needed = f"{name}{request.verb and ' ' + request.verb} needs {what}."
        return Problem(
            code="empty",
            message="This line has no question." if command.spoken else needed,
            hint=f"{EXAMPLE}{example_of(request, prefix)}",
        )
    if request.text and not form.argument:
        return Problem(
            code="usage",
            message=f'"{one_line(request.text)[:80]}" is not an option of {request.verb}.',
            hint=usage(command_named(request.command), prefix, verb_of(request)),
        )
    return request


def _too_long(length: int) -> Problem:
    return Problem(
        code="too_long",
        message=f"Your text has {length:,} characters; at most {LONGEST_TEXT:,} are allowed.",
        hint="Send only the relevant part.",
    )
