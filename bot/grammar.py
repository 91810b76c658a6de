"""The command table, and a line of text to a Request.

The same line means the same in Slack, in the terminal and in a test. Help, the reference page of
the commands and the Slack manifest come from, or are checked against, `COMMANDS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.admin.editing_verbs import EDITING_VERBS
from bot.admin.owner_verbs import OWNER_VERBS
from bot.forms import Command, CommandName, Option, Verb
from bot.replies import Help, HelpCommand, HelpOption, Problem
from index.text import clean, one_line

LONGEST_TEXT = 8_000  # characters; a model reads far less, and a longer paste is a mistake
LONGEST_LINE = 4 * LONGEST_TEXT

COMMANDS = (
    Command(
        "near",
        "TEXT",
        "the entries nearest to a text",
        (
            Option("n", "10", "how many neighbours, 1 to 20 (5 when not given)", (1, 20)),
            Option("in", "CATEGORY", "only entries of this category; a word of its name will do"),
            Option("from", "SOURCE", "only entries of this glossary"),
            Option(
                "why",
                "yes",
                "also what matched, cosine, percentile, generation and model",
            ),
        ),
        ("/near the bot invents papers that don't exist", "/near token n=10 in=architecture"),
    ),
    Command(
        "define",
        "TERM",
        "one entry; TERM = DEFINITION suggests one to the glossary's owners",
        (
            Option("from", "SOURCE", "the entry of this glossary, where several have the term"),
            Option("whole", "yes", "in the terminal: all of the entry; Slack has a button for it"),
        ),
        ("/define RAG", "/define Zeppelin = A rigid airship."),
    ),
    Command(
        "latent",
        "VERB",
        "explore the embedding space: compare, shift, path, map and more",
        examples=("/latent compare dog | puppy", "/latent path Embedding -> Hallucination"),
        verbs=(
            Verb(
                "compare",
                "A | B",
                "how similar two texts are, and what is near both; a table for more texts",
                examples=(
                    "/latent compare bank account | river bank",
                    "/latent compare dog | puppy | cat",
                ),
            ),
            Verb(
                "shift",
                "BEFORE -> AFTER",
                "how far an edit moves a prompt, where to, and which words did it; "
                "TEXT + MORE WORDS appends words",
                (
                    Option(
                        "tone",
                        "premium",
                        "apply a tone instead: formal, warmer, technical, playful, premium, …",
                    ),
                ),
                (
                    "/latent shift Describe this cream. + Premium. Effortlessly elegant.",
                    "/latent shift a short answer -> a long, careful answer",
                ),
            ),
            Verb(
                "path",
                "A -> B",
                "a path from one text to another through neighbouring entries",
                examples=("/latent path Embedding -> Hallucination",),
            ),
            Verb(
                "map",
                "[TEXT]",
                "a picture of the neighbourhoods and of where a text is; several texts with | "
                "between them; in Slack the whole channel sees it, where Nearsay is a member",
                (
                    Option(
                        "in",
                        "NAME",
                        "only this category or neighbourhood; a word of its name will do",
                    ),
                    Option("theme", "dark", "light or dark (light when not given)"),
                    Option("to", "me", "in a thread in Slack: the picture as a direct message"),
                ),
                (
                    "/latent map why does the model make things up",
                    "/latent map in=retrieval theme=dark",
                ),
            ),
            Verb(
                "wander",
                "TEXT",
                "a random walk from a text; a higher temperature takes it farther",
                (
                    Option("t", "1.0", "the temperature, above 0 and up to 100 (1 when not given)"),
                    Option(
                        "seed",
                        "42",
                        "another seed gives another walk (1 when not given)",
                        (0, 999_999),
                    ),
                    Option("steps", "6", "how many stops, 1 to 20 (6 when not given)", (1, 20)),
                ),
                ("/latent wander hallucination t=0.3",),
            ),
            Verb(
                "odd",
                "A, B, C",
                "which text does not belong with the others",
                examples=("/latent odd RAG, embedding, chunking, tone instruction",),
            ),
            Verb(
                "blend",
                "A + B - C",
                "the entries nearest to a sum of texts",
                examples=("/latent blend fine-tuning + privacy - training data",),
            ),
            Verb(
                "models",
                "TEXT",
                "the entries nearest to a text in several embedding models, side by side",
                examples=("/latent models split a document into parts",),
            ),
            Verb(
                "about",
                "",
                "the size and shape of the embedding space",
                examples=("/latent about",),
            ),
        ),
    ),
    Command(
        "near-admin",
        "VERB",
        "for admins: index status, reindexing, rollback, editing",
        examples=("/near-admin status", "/near-admin reindex --dry-run"),
        verbs=(
            Verb(
                "status",
                "",
                "the live index, its sources, recent questions in numbers, and problems",
            ),
            Verb(
                "reindex",
                "[NAME]",
                "read all sources, or the one named, and embed what changed; reindex cancel "
                "stops it",
                (
                    Option("full", "", "embed everything again"),
                    Option("dry-run", "", "only show what would change"),
                ),
                ("/near-admin reindex", "/near-admin reindex cancel"),
            ),
            Verb("generations", "", "the index generations, and which ones you can roll back to"),
            Verb(
                "rollback",
                "[GENERATION]",
                "roll back to the previous generation, or to the one named",
                (Option("from", "GENERATION", "only if that one is live"),),
                ("/near-admin rollback", "/near-admin rollback g000012"),
            ),
            Verb(
                "keep",
                "[GENERATION]",
                "keep the live generation after a rollback and resume scheduled reindexing",
            ),
            Verb(
                "export",
                "[NAME]",
                "every entry, or those of one source, as a file",
                (Option("as", "FORM", "markdown, csv or jsonl (markdown when not given)"),),
                ("/near-admin export as=csv",),
            ),
            Verb(
                "log",
                "",
                "the audit log: what admins did, and what was refused",
                (
                    Option("n", "20", "how many, 1 to 100 (20 when not given)", (1, 100)),
                    Option("as", "FORM", "the whole log as a file: csv or jsonl"),
                ),
            ),
            *EDITING_VERBS,
            *OWNER_VERBS,
        ),
    ),
    Command(
        "help",
        "[COMMAND]",
        "all commands, or how to use one; as a command: /near help",
        examples=("help near",),
        slack=False,
    ),
    Command(
        "forget",
        "delete my data",
        "delete your stored questions and votes; as a command: /near delete my data",
        examples=("delete my data",),
        slack=False,
        spoken=True,
    ),
    Command(
        "ask",
        "QUESTION",
        "ask in your own words; the answer comes from the encyclopedia",
        examples=("why does the model make things up?", "difference between RAG and fine-tuning"),
        slack=False,
        spoken=True,
    ),
)


_SLASHED = tuple(command for command in COMMANDS if not command.spoken)


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks: a command, its text, its options by key, and its verb where it has
    verbs. A bare option has the value "yes"."""

    command: CommandName
    text: str
    options: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))
    verb: str = ""


_QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "„": "“", "«": "»"}
_FORGET = re.compile(r"(please )?delete my data[.! ]*", re.IGNORECASE)
SHORT_HELP = "?"  # a line that asks for the first few commands
_FIRST: tuple[CommandName, ...] = ("ask", "near", "help")
_HELP = ("help", "--help", "-h", "—help", "?")
_COMMAND = re.compile(r"/(\S*)\s*(.*)", re.DOTALL)


def parse(line: str, prefix: str = "") -> Request | Problem:
    """What `line` asks for; a `Problem` that shows the right form when it asks for nothing.

    A line that begins with a slash is a command, with `prefix` before its name; `help` is help;
    anything else is a question.
    """
    if len(line) > LONGEST_LINE:
        return _too_long(len(line))
    line = clean(line)
    if line.casefold() in ("help", "?"):
        return Request("help", line if line == SHORT_HELP else "")
    if line.casefold() in _lines_for_help(prefix):
        return Request("help", line.partition(" ")[2].casefold().removeprefix(prefix))
    if _FORGET.fullmatch(line):
        return Request("forget", line)
    spoken = _COMMAND.fullmatch(line)
    if spoken is None:
        return checked(Request("ask", line), prefix)
    name = spoken[1].casefold()
    command = next((known for known in _SLASHED if prefix + known.name == name), None)
    if command is None and name == "help":
        command = _command("help")
    if command is None:
        return _no_such_command(spoken[1], prefix)
    rest = spoken[2]
    if command.name != "help" and rest.casefold() in _HELP:
        return Request("help", command.name)
    if command.name == "near" and _FORGET.fullmatch(rest):
        return Request("forget", rest)
    if command.verbs:
        return _with_verb(command, rest, prefix)
    if command.name == "define" and re.search(r"\s=\s", rest):
        return checked(Request("define", rest), prefix)  # a suggested text has no options
    return _with_options(command, command, rest, prefix)


def line_of(request: Request, prefix: str = "") -> str:
    """The line that asks for `request`: `parse` gives it back."""
    if _command(request.command).spoken:
        return request.text
    bare = {o.key for o in _form(request).options if not o.value}
    parts = [f"/{prefix}{request.command}", request.verb, request.text]
    parts += [
        f"--{key}" if key in bare else f"{key}={_quoted(str(value))}"
        for key, value in request.options.items()
    ]
    return " ".join(part for part in parts if part)


def words_of(request: Request, prefix: str = "") -> str:
    """A request without its command: `reindex --full`."""
    if _command(request.command).spoken:
        return request.text
    return line_of(request, prefix).partition(" ")[2]


@cache
def _lines_for_help(prefix: str) -> frozenset[str]:
    """Lines without a slash that ask for help, and not for the neighbours of a text."""
    names = [f"{start}{command.name}" for command in COMMANDS for start in ("", prefix)]
    names += [f"{prefix}{known.name} {verb.name}" for known in COMMANDS for verb in known.verbs]
    return frozenset(f"help {name}" for name in names)


def _quoted(value: str) -> str:
    """A value of an option, in quotes that do not stand in it, where it needs any."""
    if not any(character.isspace() or character in '"“”„«»' for character in value):
        return value
    return f'"{value}"' if '"' not in value else f"“{value}”"


def help_for(request: Request, prefix: str = "") -> Help | Problem:
    """The help that a `help` request asks for."""
    wanted, _, verb = request.text.strip().lstrip("/").casefold().partition(" ")
    wanted = wanted.removeprefix(prefix)
    if wanted in ("", SHORT_HELP):
        shown = map(_command, _FIRST) if wanted else COMMANDS
        return Help(commands=tuple(_help(command, prefix) for command in shown))
    for command in COMMANDS:
        if command.name == wanted:
            verbs = [known for known in command.verbs if verb in ("", known.name)]
            of_verbs = tuple(_help(command, prefix, known) for known in verbs)
            return Help(commands=of_verbs or (_help(command, prefix),))
    return _no_such_command(wanted, prefix)


def usage(command: Command, prefix: str = "", verb: Verb | None = None) -> str:
    """The form of a command: `/near TEXT [n=10] [in=CATEGORY]`."""
    form = verb or command
    if command.spoken:
        return form.argument
    slash = f"/{prefix}" if command.slack else ""
    parts = [f"{slash}{command.name}", verb.name if verb else "", form.argument]
    parts += [f"[{option.usage}]" for option in form.options]
    return " ".join(part for part in parts if part)


def example_of(request: Request, prefix: str = "") -> str:
    """A line of the same command and verb that can be sent as it is."""
    return _help(_command(request.command), prefix, _verb(request)).examples[0]


def _command(name: CommandName) -> Command:
    return next(command for command in COMMANDS if command.name == name)


def _help(command: Command, prefix: str, verb: Verb | None = None) -> HelpCommand:
    form = verb or command
    return HelpCommand(
        usage(command, prefix, verb),
        form.summary,
        tuple(HelpOption(option.usage, option.summary) for option in form.options),
        tuple(example.replace("/", f"/{prefix}", 1) for example in form.examples),
    )


def _form(request: Request) -> Command | Verb:
    """What says which options a request can have."""
    return _verb(request) or _command(request.command)


def _verb(request: Request) -> Verb | None:
    verbs = _command(request.command).verbs
    return next((verb for verb in verbs if verb.name == request.verb), None)


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
    close = _closest(name, [known.name for known in command.verbs])
    meant = f"Did you mean {close}? " if close else ""
    what = f'There is no "{word[:40]}" in /{prefix}{command.name}.'
    return Problem(
        code="unknown_command" if word else "empty",
        message=what if word else f"/{prefix}{command.name} needs a word after it.",
        hint=f"{meant}There are {listed}.",
    )


def _with_options(
    command: Command, form: Command | Verb, rest: str, prefix: str
) -> Request | Problem:
    """Takes the options off the end of `rest`; what stands before them is the text."""
    options: dict[str, str | int] = {}
    verb = form if isinstance(form, Verb) else None
    while len(options) < len(form.options):
        taken = _last_option(form, rest)
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
                    hint=usage(command, prefix, verb),
                )
            options[option.key] = number
        else:
            options[option.key] = value
        rest = before
    request = Request(command.name, rest, MappingProxyType(options), verb=verb.name if verb else "")
    return checked(request, prefix)


def _last_option(form: Command | Verb, text: str) -> tuple[Option, str, str] | None:
    """The option that `text` ends with, its value, and the text before it."""
    for option in form.options:
        found = _at_the_end(option).search(text[-_LONGEST_OPTION:])
        if found:
            at = max(0, len(text) - _LONGEST_OPTION) + found.start()
            return option, _unquoted(found[1]) if option.value else "yes", text[:at].rstrip()
    return None


@cache
def _at_the_end(option: Option) -> re.Pattern[str]:
    """What an option looks like at the end of a text; its value is the first group."""
    value = rf"[=:]({_QUOTED}|[^\s\"“”„«»]+)" if option.value else "()"
    return re.compile(rf"(?:^|\s)[-–—]*{option.key}{value}$", re.IGNORECASE)


_LONGEST_OPTION = 200  # characters, the key included
_QUOTED = "|".join(f"{opening}[^{closing}]*{closing}" for opening, closing in _QUOTES.items())


def _unquoted(value: str) -> str:
    if len(value) > 1 and _QUOTES.get(value[0]) == value[-1]:
        return value[1:-1].strip()
    return value


def _whole_number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def checked(request: Request, prefix: str = "") -> Request | Problem:
    """The request, where its text is neither missing nor too long; else what is wrong with it."""
    if len(request.text) > LONGEST_TEXT:
        return _too_long(len(request.text))
    form = _form(request)
    if not request.text and form.argument and not form.argument.startswith("["):
        command = _command(request.command)
        what = {"TERM": "a term", "TEXT": "a text"}.get(form.argument, form.argument)
        needed = (
            f"/{prefix}{command.name}{request.verb and ' ' + request.verb} needs {what} after it."
        )
        return Problem(
            code="empty",
            message="There is no question in this line." if command.spoken else needed,
            hint=f"For example: {example_of(request, prefix)}",
        )
    if request.text and not form.argument:
        return Problem(
            code="usage",
            message=f'"{one_line(request.text)[:80]}" is nothing that {request.verb} knows.',
            hint=usage(_command(request.command), prefix, form if isinstance(form, Verb) else None),
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
    known = [prefix + command.name for command in _SLASHED]
    close = _closest(name, known)
    meant = f"Did you mean /{close}? " if close else ""
    listed = ", ".join(f"/{other}" for other in known if other != f"{prefix}help")
    return Problem(
        code="unknown_command",
        message=f'There is no command "/{name}".',
        hint=f"{meant}There are {listed}, and help.",
    )


def _closest(name: str, known: list[str]) -> str | None:
    """The one of `known` that `name` may be a slip for."""
    close = process.extractOne(
        name.casefold(), known, scorer=OSA.distance, score_cutoff=max(1, len(name) // 3)
    )
    return close[0] if close else None
