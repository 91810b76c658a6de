"""Help texts, generated from the table of commands."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.commands.catalog import COMMANDS, command_named, verb_of
from bot.commands.spec import Command, CommandName, Request, Verb
from bot.replies.base import Help, HelpCommand, HelpOption, Problem

EXAMPLE = "For example: "  # before an example in the hint of a problem
SHORT_HELP = "?"  # the line that shows only the first few commands
_FIRST: tuple[CommandName, ...] = ("ask", "near", "help")
SLASHED = tuple(command for command in COMMANDS if not command.spoken)


def help_for(request: Request, prefix: str = "") -> Help | Problem:
    """Return the help that a `help` request asks for, or a `Problem` for an unknown command."""
    wanted, _, verb = request.text.strip().lstrip("/").casefold().partition(" ")
    if wanted in ("", SHORT_HELP):
        shown = map(command_named, _FIRST) if wanted else COMMANDS
        return Help(commands=tuple(_help(command, prefix) for command in shown))
    for command in COMMANDS:
        if wanted in (command.name, prefix + command.name):
            verbs = [known for known in command.verbs if verb in ("", known.name)]
            of_verbs = tuple(_help(command, prefix, known) for known in verbs)
            more = f"Options and examples: /{prefix}{command.name} SUBCOMMAND help"
            several = len(of_verbs) > 1
            return Help(
                commands=of_verbs or (_help(command, prefix),), hint=more if several else ""
            )
    return no_such_command(wanted, prefix)


def usage(command: Command, prefix: str = "", verb: Verb | None = None) -> str:
    """Return the usage of a command: `/near TEXT [n=10] [in=CATEGORY]`."""
    form = verb or command
    if command.spoken:
        return form.argument
    slash, colon = f"/{prefix}" if command.slack else "", ":" if command.colon else ""
    parts = [f"{slash}{command.name}{colon}", verb.name if verb else "", form.argument]
    parts += [f"[{option.usage}]" for option in form.options]
    return " ".join(part for part in parts if part)


def example_of(request: Request, prefix: str) -> str:
    """Return an example line for the command and verb of `request`."""
    return _help(command_named(request.command), prefix, verb_of(request)).examples[0]


def _help(command: Command, prefix: str, verb: Verb | None = None) -> HelpCommand:
    form = verb or command
    return HelpCommand(
        usage(command, prefix, verb),
        form.summary.replace("/", f"/{prefix}", 1),
        tuple(HelpOption(option.usage, option.summary) for option in form.options),
        tuple(example.replace("/", f"/{prefix}", 1) for example in form.examples),
    )


def no_such_command(name: str, prefix: str) -> Problem:
    name = name[:40]
    known = [prefix + command.name for command in SLASHED]
    close = closest(name, known)
    meant = f"Did you mean /{close}? " if close else ""
    listed = ", ".join(
        f"{command.name}:" if command.colon else f"/{prefix}{command.name}"
        for command in SLASHED
        if command.name != "help"
    )
    return Problem(
        code="unknown_command",
        message=f'There is no command "/{name}".',
        hint=f"{meant}Commands: {listed}, help.",
    )


def closest(name: str, known: list[str]) -> str | None:
    """Return the item in `known` that `name` probably misspells, or None."""
    close = process.extractOne(
        name.casefold(), known, scorer=OSA.distance, score_cutoff=max(1, len(name) // 3)
    )
    return close[0] if close else None
