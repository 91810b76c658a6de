"""`docs/reference` and `.env.example` match the code."""

import re
from pathlib import Path

import pytest

from bot.commands.catalog import COMMANDS
from bot.commands.help import help_for, usage
from bot.commands.spec import Command, Request, Verb
from bot.config import setting_names
from bot.replies.base import Help
from tests.reference_pages import pages, setting_descriptions

ROOT = Path(__file__).parent.parent
STALE = """run: make docs
If a field of a JSON reply was removed or renamed, raise SCHEMA in bot/replies/base.py first,
and say so in CHANGELOG."""
ENV_EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def test_env_example_lists_all_settings_in_order() -> None:
    listed = re.findall(r"^([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE)
    assert listed == list(setting_names().values())


def test_env_example_has_the_settings_descriptions() -> None:
    for name, summary in setting_descriptions():
        (comment,) = re.findall(rf"((?:^# .*\n)+){name}=", ENV_EXAMPLE, re.MULTILINE)
        assert " ".join(comment.replace("# ", "").split()) == summary


@pytest.mark.parametrize(("name", "text"), pages().items(), ids=list(pages()))
def test_reference_pages_are_up_to_date(name: str, text: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == text, STALE


def test_metrics_reference_lists_every_metric() -> None:
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    modules = [ROOT / "bot" / name for name in ("ops/metrics.py", "slack/service.py")]
    code = "".join(module.read_text(encoding="utf-8") for module in modules)
    names = set(re.findall(r'"(nearsay_[a-z_]+)"', code))
    assert names
    assert {name for name in names if name not in page} == set()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_explains_each_command_and_its_options(command: Command) -> None:
    reply = help_for(Request("help", command.name))
    assert isinstance(reply, Help)
    forms: tuple[Verb, ...] = command.verbs or (command,)
    assert len(reply.commands) == len(forms)
    for shown, form in zip(reply.commands, forms, strict=True):
        assert shown.usage == usage(command, "", form if form is not command else None)
        assert len(shown.options) == len(form.options)
    assert any(shown.examples for shown in reply.commands)


def test_docs_and_messages_do_not_install_nearsay_from_a_package_index() -> None:
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    packages = [ROOT / name for name in ("bot", "index", "nearsay")]
    texts += [path for package in packages for path in package.rglob("*.py")]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"nearsay\[\w|pip install '?nearsay\b", text), path
