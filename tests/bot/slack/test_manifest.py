"""Manifest, listeners, buttons and calls of the Web API agree with each other."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from slack_sdk import WebClient

from bot import slack
from bot.commands.catalog import COMMANDS
from bot.commands.help import usage
from bot.commands.spec import Request
from bot.slack.agent import PROMPTS
from bot.slack.blocks import Asked, message_of
from bot.slack.editing.edit_blocks import edit_blocks
from bot.slack.editing.form_view import FormShown, form_view
from bot.slack.editing.listeners import EditListeners
from bot.slack.editing.preview_view import conflict_view, decline_view, preview_view
from bot.slack.editing.purpose import Purpose
from bot.slack.editing.review_message import review_message
from bot.slack.elements import Block
from bot.slack.entry_modal import entry_blocks
from bot.slack.home import home_view
from bot.slack.listeners.actions import ActionListeners
from bot.slack.listeners.commands import CommandListeners
from bot.slack.listeners.events import EventListeners
from bot.slack.manifest import (
    COMMAND_SCOPE,
    EVENT_SCOPES,
    FILES_SCOPE,
    HOME_OPENED,
    METHOD_SCOPES,
    WORKSPACE_ADMINS,
    manifest,
    scopes,
)
from bot.slack.modals import View, ask_modal, modal_of, opening
from bot.slack.view_listeners import ViewListeners
from index.space.contents import LeafPlace
from tests.bot.samples import KINDS, reply
from tests.bot.slack import WORST, buttons, entry_reply
from tests.bot.slack.editing.samples import conflict, preview, replies, suggestion, usual
from tests.bot.slack.test_blocks import REPLIES, worst
from tests.bot.slack.test_home import front, status
from tests.conftest import Command
from tests.workspace import Workspace
from tests.workspace.model import elements_in
from tests.workspace.scopes import EVENTS, METHODS, needed

Mode = Literal["http", "socket"]
URL = "https://bot.example.test/slack/events"
IN_SLACK = [command for command in COMMANDS if command.slack]
# Methods of slack_sdk that call several of Slack's.
COMPOSED = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}


def called_methods() -> set[str]:
    """The Web API methods that anything in bot/slack calls on a client."""
    known = {name for name in dir(WebClient) if not name.startswith("_")} - {"api_call"}
    folder = Path(str(slack.__file__)).parent
    return {
        node.func.attr
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in known
    }


class Registered:
    """Takes what `Listeners.register` binds, as a Bolt app does."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.actions: list[str | re.Pattern[str]] = []
        self.shortcuts: list[str] = []
        self.events: list[str] = []
        self.views: list[str] = []
        self.closed: list[str] = []
        views = ViewListeners(None, None, None, None, None, "dev-")  # type: ignore[arg-type]
        forms = EditListeners(None, None, None, None, None)  # type: ignore[arg-type]
        nothing: Any = None
        for listeners in (
            CommandListeners(nothing, forms, "dev-"),
            views,
            forms,
            EventListeners(nothing, nothing, views, nothing, nothing),
            ActionListeners(nothing, nothing, views, "dev-"),
        ):
            listeners.register(self)  # type: ignore[arg-type]

    def command(self, name: str) -> Any:
        self.commands.append(name)
        return lambda listener: listener

    def action(self, constraint: str | re.Pattern[str]) -> Any:
        self.actions.append(constraint)
        return lambda listener: listener

    def shortcut(self, name: str) -> Any:
        self.shortcuts.append(name)
        return lambda listener: listener

    def view(self, name: str) -> Any:
        self.views.append(name)
        return lambda listener: listener

    def view_closed(self, name: str) -> Any:
        self.closed.append(name)
        return lambda listener: listener

    def event(self, name: str, middleware: list[Any] | None = None) -> Any:
        assert middleware or name == HOME_OPENED  # what people say is recorded first
        self.events.append(name)
        return lambda listener: listener

    def matching(self, action_id: str) -> list[str | re.Pattern[str]]:
        """The constraints that take an action, by Bolt's rule: equal, or found by the pattern."""
        return [
            constraint
            for constraint in self.actions
            if (
                constraint == action_id
                if isinstance(constraint, str)
                else constraint.search(action_id)
            )
        ]


def produced() -> set[str]:
    """Every action_id that a message or a modal can have."""
    found = {
        item["action_id"]
        for view in (*homes(), *written(), {"blocks": decided()})
        for item in elements_in(list(filter(is_told, view["blocks"])))
    }
    near = Request("near", "x")
    for asked in (
        Asked(near),
        Asked(),
        Asked(question="0" * 16),
        Asked(question="0", in_modal=True),
    ):
        for item in (*(worst(kind, "short") for kind in REPLIES), *(reply(k, "x") for k in KINDS)):
            blocks = list(message_of(item, asked).blocks)
            found |= {element["action_id"] for element in elements_in(blocks)}
            found |= {
                button["action_id"] for button in buttons([modal_of(item), modal_of(item, 2)])
            }
    return found


def is_told(block: Block) -> bool:
    """Whether the bot is told of what is used in a block before it is submitted."""
    return block["type"] != "input" or bool(block.get("dispatch_action"))


def written() -> list[View]:
    """The views in which entries are written."""
    fields, text = usual(WORST["short"]), WORST["short"]
    return [
        form_view(FormShown(Purpose("write"), fields, ["a", "b"], draft_age=1.0)),
        preview_view(fields, preview(text), Purpose("write")),
        conflict_view(conflict(text), Purpose("write")),
        decline_view("0123abcd"),
    ]


def decided() -> list[Block]:
    """What admins see of what was written."""
    text = WORST["short"]
    return [
        *(block for found in replies(text).values() for block in edit_blocks(found, "")),
        *review_message(suggestion(text, state="open")).blocks,
        *entry_blocks(entry_reply(text), editor=True),
    ]


def homes() -> Iterator[View]:
    """The Home tab in each of its states."""
    text = WORST["short"]
    for place in (None, LeafPlace("all", number=2)):
        yield home_view(front(text, place), status(text))


@pytest.mark.parametrize("prefix", ["", "dev-"])
def test_the_manifests_commands_are_the_command_table(prefix: str) -> None:
    described = manifest(prefix)["features"]["slash_commands"]
    assert [item["command"] for item in described] == [f"/{prefix}{c.name}" for c in IN_SLACK]
    for item, command in zip(described, IN_SLACK, strict=True):
        assert item["description"].casefold() == command.summary.casefold()
        assert f"{item['command']} {item['usage_hint']}" == usage(command, prefix)
        assert item["should_escape"] is False


def test_listeners_take_the_manifests_commands_and_no_others() -> None:
    described = manifest("dev-")["features"]["slash_commands"]
    assert Registered().commands == [item["command"] for item in described]


def test_listeners_take_the_manifests_shortcuts_and_no_others() -> None:
    described = manifest("dev-")["features"]["shortcuts"]
    assert sorted(Registered().shortcuts) == sorted(item["callback_id"] for item in described)


def test_listeners_hear_the_manifests_events_and_no_others() -> None:
    described = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert described == list(EVENT_SCOPES)
    assert Registered().events == sorted({name.partition(".")[0] for name in described})


@pytest.mark.parametrize("event", EVENT_SCOPES)
def test_an_event_is_listed_with_the_scope_that_slack_asks_for(event: str) -> None:
    scope = EVENT_SCOPES[event]
    assert EVENTS[event] == ((scope,) if scope else ())


def test_listeners_take_the_modals_that_can_be_submitted_and_no_others() -> None:
    found = [ask_modal(), opening(), *(modal_of(reply(kind, "x")) for kind in KINDS), *written()]
    submitted = [view["callback_id"] for view in found if "submit" in view]
    assert sorted(Registered().views) == sorted({*submitted, "suggestion_review"})


def test_listeners_hear_of_the_modals_whose_closing_is_told_and_of_no_others() -> None:
    told = [view["callback_id"] for view in written() if view.get("notify_on_close")]
    assert Registered().closed == told


def test_the_app_is_an_agent_with_a_few_questions_to_begin_with() -> None:
    described = manifest()["features"]["agent_view"]
    assert 0 < len(described["suggested_prompts"]) <= PROMPTS
    assert all(prompt["title"] and prompt["message"] for prompt in described["suggested_prompts"])
    assert Workspace().install(manifest("", "http", URL)).agent
    assert "assistant:write" in scopes()


def test_every_button_has_one_listener_and_every_listener_a_button() -> None:
    registered, ids = Registered(), produced()
    assert ids
    for action_id in ids:
        assert len(registered.matching(action_id)) == 2, action_id
    used = {str(constraint) for action_id in ids for constraint in registered.matching(action_id)}
    pages = {"review_suggestion", str(re.compile(r"^turn_review_\d$"))}  # of a long suggestion
    older = {"more"}  # "Show 10", which is in the menu now
    assert used | pages | older == {str(constraint) for constraint in registered.actions}


def test_the_last_listener_takes_the_buttons_of_older_versions() -> None:
    assert Registered().actions[-1] == re.compile("")


@pytest.mark.parametrize("action_id", ["reopen_entry_x", "nearby", "more_or_less", "unshare", ""])
def test_what_is_no_button_of_ours_has_no_listener(action_id: str) -> None:
    assert Registered().matching(action_id) == [re.compile("")]


def test_every_web_api_method_in_use_is_listed_and_no_other() -> None:
    assert called_methods() == set(METHOD_SCOPES)


@pytest.mark.parametrize("method", sorted(METHOD_SCOPES))
def test_a_listed_scope_is_one_that_slack_takes_for_the_method(method: str) -> None:
    named = COMPOSED.get(method) or [name for name in METHODS if name.replace(".", "_") == method]
    assert named
    scope = METHOD_SCOPES[method]
    for name in named:
        wanted = needed(METHODS[name], None)
        assert scope in wanted if scope else wanted in ((), ("connections:write",))


def test_the_manifest_asks_for_the_scopes_in_use_and_for_no_others() -> None:
    asked = manifest()["oauth_config"]["scopes"]["bot"]
    in_use = METHOD_SCOPES.keys() - {WORKSPACE_ADMINS}
    assert asked == scopes() == sorted(set(asked))
    called = {METHOD_SCOPES[m] for m in in_use if METHOD_SCOPES[m]}
    heard = {scope for scope in EVENT_SCOPES.values() if scope}
    assert set(asked) == {COMMAND_SCOPE, FILES_SCOPE} | called | heard


def test_people_are_read_only_where_the_workspaces_admins_count() -> None:
    asked = manifest(workspace_admins=True)["oauth_config"]["scopes"]["bot"]
    assert asked == scopes(workspace_admins=True)
    assert set(asked) - set(scopes()) == {"users:read"}


@pytest.mark.parametrize("prefix", ["", "dev-", "n_"])
@pytest.mark.parametrize("mode", ["http", "socket"])
def test_a_workspace_accepts_the_manifest(mode: Mode, prefix: str) -> None:
    app = Workspace(mode=mode).install(manifest(prefix, mode, URL))
    assert set(app.commands) == {f"/{prefix}{command.name}" for command in IN_SLACK}
    assert app.interactive
    assert app.socket_mode is (mode == "socket")
    assert app.scopes == set(scopes())


def test_over_http_the_address_is_in_every_place() -> None:
    described = manifest("", "http", URL)
    assert [c["url"] for c in described["features"]["slash_commands"]] == [URL] * len(IN_SLACK)
    assert described["settings"]["interactivity"]["request_url"] == URL
    assert described["settings"]["socket_mode_enabled"] is False


def test_the_command_line_prints_the_manifest_with_its_address(
    nearsay: Command, tmp_path: Path
) -> None:
    done = nearsay("manifest", "--url", URL, data=tmp_path / "data", NEARSAY_COMMAND_PREFIX="dev-")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == manifest("dev-", "http", URL)
