"""What `docs/reference` and `.env.example` say is what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.forms import Command, Verb
from bot.grammar import COMMANDS, Request, help_for, parse, usage
from bot.replies import Help
from bot.settings import described

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
ENV_EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def test_env_example_lists_every_setting_in_order_and_no_other() -> None:
    listed = re.findall(r"^([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE)
    assert listed == [name for name, _ in described()]


def test_env_example_explains_settings_in_the_words_of_the_code() -> None:
    for name, summary in described():
        (comment,) = re.findall(rf"((?:^# .*\n)+){name}=", ENV_EXAMPLE, re.MULTILINE)
        assert " ".join(comment.replace("# ", "").split()) == summary


def test_the_reference_lists_every_setting() -> None:
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)
    assert listed == [name for name, _ in described()]


def test_the_reference_lists_every_command_as_the_help_does() -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(/[^`]+|delete my data|QUESTION)` \| (.+?) \|$", page, re.MULTILINE)
    forms = [(command, verb) for command in COMMANDS for verb in command.verbs or (None,)]
    rows = [(form.replace("\\|", "|"), summary) for form, summary in rows]
    assert rows == [(usage(c, "", verb), (verb or c).summary) for c, verb in forms]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_explains_each_command_and_its_options(command: Command) -> None:
    reply = help_for(Request("help", command.name))
    assert isinstance(reply, Help)
    forms: tuple[Command | Verb, ...] = command.verbs or (command,)
    assert len(reply.commands) == len(forms)
    for shown, form in zip(reply.commands, forms, strict=True):
        assert shown.usage == usage(command, "", form if isinstance(form, Verb) else None)
        assert len(shown.options) == len(form.options)
    assert any(shown.examples for shown in reply.commands)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_examples_of_the_help_are_commands(command: Command) -> None:
    for example in command.examples:
        request = parse(example)
        assert isinstance(request, Request)
        assert request.command == command.name


def test_the_program_tells_the_version_of_the_package() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    main = (ROOT / "bot" / "__main__.py").read_text(encoding="utf-8")
    assert f'VERSION = "{declared["project"]["version"]}"' in main
