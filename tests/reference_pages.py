"""Write the generated pages of `docs/reference`: `python -m tests.reference_pages`.

Commands come from `COMMANDS`, the command line from its click commands, settings from
`setting_descriptions()`, JSON from the dataclasses of the replies. A test compares the pages with
the code.
"""

import ast
import inspect
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import click

from bot.cli.main import nearsay
from bot.commands.catalog import COMMANDS
from bot.commands.help import usage
from bot.commands.spec import Option, Verb
from bot.config import Settings, setting_names
from bot.replies.base import HIDDEN_FIELDS, Reply
from index.evaluation.golden import GoldenBench
from index.reply import BaseReply

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
BENCHES = (GoldenBench,)
MIN_SHARED_FIELDS = 4  # smaller objects are described where they are used

COMMANDS_INTRO = """\
# Commands

The same lines work in Slack and in the terminal (`nearsay`, `nearsay say LINE`). Options come last,
as `key=value` or `key:value`; a value with spaces is quoted (`in=` needs no quotes). `help COMMAND`
shows one command (in Slack as a command: `/near help`). `/new` in the terminal starts a new thread.

`/near` and a term that is an entry, that term misspelt, or a question for it ("what does RAG stand
for?") gives the entry and then its neighbours.
"""
CLI_INTRO = """\
# The command line

The exit status is 0 for an answer, 1 for a problem (on standard error, or as JSON), 2 for wrong
usage and 130 for a command that was stopped. Standard output carries the reply and nothing else.

Without a command, `nearsay` serves Slack when its tokens are set, and chats in the terminal
otherwise. `nearsay --version` prints the version.
"""
SETTINGS_INTRO = """\
# Settings

Settings are environment variables. A file `.env` in the current directory sets them too; the
environment wins. `.env.example` lists them all.

| setting | meaning |
| --- | --- |
"""
SETTINGS_END = """
In the terminal the log is `nearsay.log` in the data directory; `nearsay serve` logs to standard
error. Neither holds questions, other messages or tokens ([logs](../guides/operations.md#logs)).
"""
JSON_INTRO = """\
# JSON

With `--json` a reply is one object on one line. Every reply has `kind`, `generation` (the index
generation that answered, or null) and `model`, and every reply except a benchmark has `schema`, the
version of this format. The other fields are below. `a.b` is the field `b`
of the object `a`, and `a[].b` that of each object in the array `a`.
"""


def pages() -> dict[str, str]:
    """Return the text of each generated page, by file name."""
    return {
        "commands.md": _commands(),
        "cli.md": _command_line(),
        "settings.md": _settings(),
        "json.md": _json(),
    }


def main() -> int:
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    return 0


def setting_descriptions() -> list[tuple[str, str]]:
    """Return each setting's variable and docstring, in order."""
    texts = {}
    for field, text in pairwise(ast.walk(ast.parse(inspect.getsource(Settings)))):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            texts[ast.unparse(field.target)] = " ".join(str(ast.literal_eval(text.value)).split())
    return [(variable, texts[name]) for name, variable in setting_names().items()]


def _settings() -> str:
    rows = "".join(f"| `{name}` | {_cell(summary)} |\n" for name, summary in setting_descriptions())
    return SETTINGS_INTRO + rows + SETTINGS_END


def _commands() -> str:
    sections = [COMMANDS_INTRO]
    for command in COMMANDS:
        if command.spoken:
            sections.append(_form(f"## {usage(command)}", "", command))
            continue
        if not command.verbs:
            title = usage(command).split(" [")[0] if not command.slack else f"/{command.name}"
            sections.append(_form(f"## `{title}`", usage(command), command))
            continue
        sections.append(f"## `/{command.name}`\n\n{_sentence(command.summary)}\n")
        sections += [
            _form(f"### `/{command.name} {verb.name}`", usage(command, verb=verb), verb)
            for verb in command.verbs
        ]
    return "\n".join(sections)


def _form(heading: str, line: str, form: Verb) -> str:
    def explained(option: Option) -> str:
        return f"- `{option.usage}`: {option.summary}\n"

    text = f"{heading}\n\n{_sentence(form.summary)}\n"
    text += f"\n```\n{line}\n```\n" if line else ""
    if form.options:
        text += "\n" + "".join(explained(option) for option in form.options)
    if form.examples:
        text += "\nFor example:\n\n```\n" + "\n".join(form.examples) + "\n```\n"
    return text


def _command_line() -> str:
    return "\n".join([CLI_INTRO, *_subcommands(nearsay, "nearsay", 2)])


def _subcommands(group: click.Group, path: str, level: int) -> Iterator[str]:
    """Yield a section for each command of `group`, with its usage and arguments."""
    for name, command in group.commands.items():
        title = f"{path} {name}"
        about = " ".join((command.help or "").split())
        text = f"{'#' * level} `{title}`\n\n{_sentence(about)}\n"
        if isinstance(command, click.Group):
            yield text
            yield from _subcommands(command, title, level + 1)
        else:
            yield text + _arguments(command, title)


def _arguments(command: click.Command, title: str) -> str:
    """Return the usage of a command and a line for each argument."""
    parts = [_part(param) for param in command.params]
    abouts = [getattr(param, "help", "") for param in command.params]
    text = f"\n```\n{' '.join([title, *parts])}\n```\n"
    lines = [
        f"- `{part if '] ' in part else part.strip('[]…')}`: {about}\n"
        for part, about in zip(parts, abouts, strict=True)
    ]
    return text + ("\n" + "".join(lines) if lines else "")


def _part(param: click.Parameter) -> str:
    """Return an argument in a usage line: `[--name NAME]`, `LINE…`."""
    value = param.metavar or (param.name or "").upper()
    if isinstance(param.type, click.Choice):
        value = "|".join(param.type.choices)
    if isinstance(param, click.Option):
        part = param.opts[0] if param.is_flag else f"{param.opts[0]} {value}"
    else:
        part = value + ("…" if param.nargs == -1 and " " not in value else "")
    repeated = "…" if param.multiple else ""
    return f"{part}{repeated}" if param.required else f"[{part}]{repeated}"


def _json() -> str:
    replies = sorted([*_dataclasses(Reply), *BENCHES], key=_kind)
    shared = _shared(replies)
    sections = [JSON_INTRO, "## Kinds\n"]
    for reply in replies:
        rows = [row for row in _rows(reply, "", shared) if row[0] not in _EVERYWHERE]
        sections.append(f"### `{_kind(reply)}`\n\n{_list(rows)}")
    sections.append("## Objects\n\nObjects that several kinds of replies contain.\n")
    sections += [
        f"### {one.__name__}\n\n{_list(_rows(one, '', shared))}"
        for one in sorted(shared - set(replies), key=lambda one: one.__name__)
    ]
    return "\n".join(sections)


_EVERYWHERE = ("kind", "generation", "model")
_NAMES: Mapping[object, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    date: "date",
    datetime: "date and time",
    Path: "string",
    NoneType: "null",
}


def _kind(reply: type) -> str:
    return str(get_args(_hints(reply)["kind"])[0])


def _shared(replies: list[type]) -> set[type]:
    """Return the dataclasses used in several places and too large to repeat."""
    uses: Counter[type] = Counter()
    seen: set[type] = set()
    waiting = list(replies)
    while waiting:
        owner = waiting.pop()
        if owner in seen:
            continue
        seen.add(owner)
        for hint in _hints(owner).values():
            uses.update(_dataclasses(hint))
            waiting += _dataclasses(hint)
    return {
        one
        for one, count in uses.items()
        if one in replies or (count > 1 and len(fields(one)) >= MIN_SHARED_FIELDS)
    }


def _rows(owner: type, prefix: str, shared: set[type]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a dataclass and its nested objects, each described by its value."""
    for name, hint in _hints(owner).items():
        if name in HIDDEN_FIELDS:
            continue
        yield prefix + name, _value(hint, shared)
        for inner in _dataclasses(hint):
            if inner not in shared:
                array = "[]" if get_origin(hint) is tuple else ""
                yield from _rows(inner, f"{prefix}{name}{array}.", shared)


def _value(hint: Any, shared: set[type]) -> str:
    """Return the value of a field of this type, in JSON terms."""
    origin, parts = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        name = _kind(hint) if issubclass(hint, BaseReply) else hint.__name__  # the section's title
        return f"[{name}](#{name.lower()})" if hint in shared else "object"
    if origin is Literal:
        return ", ".join(f'`"{part}"`' for part in parts)
    if origin is tuple:
        if parts[-1] is Ellipsis:
            return f"array of {_value(parts[0], shared)}"
        return "array of " + " and ".join(_value(part, shared) for part in parts)
    if origin in (Union, UnionType):
        return " or ".join(_value(part, shared) for part in parts)
    return _NAMES.get(hint, "object")


def _hints(owner: type) -> dict[str, Any]:
    hints = get_type_hints(owner)
    return {field.name: hints[field.name] for field in fields(owner)}


def _dataclasses(hint: Any) -> list[type]:
    """Return the dataclasses in a type: the type itself, or the members of its union or array."""
    if is_dataclass(hint) and isinstance(hint, type):
        return [hint]
    return [one for part in get_args(hint) for one in _dataclasses(part)]


def _list(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"- `{name}`: {value}\n" for name, value in rows) or "No other fields.\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
