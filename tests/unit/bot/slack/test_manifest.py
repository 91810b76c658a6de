"""Tests that the manifest, listeners, buttons and Web API calls agree."""

import ast
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from slack_sdk import WebClient

from bot import slack
from bot.commands.spec import Request
from bot.config import Settings
from bot.readers import parse_readers
from bot.slack.blocks.elements import Block
from bot.slack.blocks.entry import entry_blocks
from bot.slack.blocks.learning import consent_message, meant_message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.blocks.review import review_message
from bot.slack.listeners.actions import ActionListeners
from bot.slack.listeners.commands import CommandListeners
from bot.slack.listeners.editing import EditListeners
from bot.slack.listeners.events import EventListeners
from bot.slack.listeners.views import ViewListeners
from bot.slack.manifest import (
    DIRECT_MESSAGE,
    HOME_OPENED,
    MENTION,
    MESSAGE_EVENTS,
    Uses,
    creation_link,
    manifest,
    scopes,
)
from bot.slack.views.modal import View
from bot.slack.views.preview import review_view
from tests.fake_slack.model import elements_in
from tests.fake_slack.scopes import EVENTS, METHODS, needed
from tests.support.child_process import Command
from tests.unit.bot.samples import KINDS, reply
from tests.unit.bot.slack import WORST
from tests.unit.bot.slack.samples import entry_reply, suggestion
from tests.unit.bot.slack.test_payloads import messages, views

GUIDE = Path(__file__).parents[4] / "docs" / "guides" / "slack.md"
ALL = Uses("follow", "both", profiles=True, groups=True)
URL = "https://bot.example.test/slack/events"
# Methods of slack_sdk that call several Web API methods.
COMPOSED = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}


def called_methods() -> set[str]:
    """Return the Web API methods that bot/slack calls."""
    known = {name for name in dir(WebClient) if not name.startswith("_")} - {"api_call"}
    folder = Path(str(slack.__file__)).parent
    return {
        node.attr
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in known
    }


class Registered:
    """A stand-in for a Bolt app that records the constraints of its listeners, by kind."""

    def __init__(self) -> None:
        self.taken: dict[str, list[str | re.Pattern[str]]] = {}
        nothing: Any = None
        viewing = ViewListeners(nothing, nothing, nothing, nothing, "dev-")
        forms = EditListeners(nothing, nothing, nothing, nothing)
        for listeners in (
            CommandListeners(nothing, forms, "dev-"),
            viewing,
            forms,
            EventListeners(nothing, nothing, viewing, nothing, nothing),
            ActionListeners(nothing, viewing, "dev-"),
        ):
            listeners.register(self)  # type: ignore[arg-type]

    def __getattr__(self, kind: str) -> Any:
        def take(name: str | re.Pattern[str], middleware: object = None) -> Any:
            # Messages pass the middleware that records them.
            assert kind != "event" or middleware or name == HOME_OPENED
            self.taken.setdefault(kind, []).append(name)
            return lambda listener: listener

        return take

    def matching(self, action_id: str) -> list[str | re.Pattern[str]]:
        """Return the constraints that match an action, by Bolt's rule."""
        return [
            name
            for name in self.taken["action"]
            if (name == action_id if isinstance(name, str) else name.search(action_id))
        ]


def shown() -> list[View]:
    """Return all kinds of messages and views, as views."""
    text = WORST["short"]
    found = [view for _, view in views(text)]
    found += [{"blocks": list(message.blocks)} for _, message in messages(text)]
    modals = (
        RequestContext(Request("near", "x"), question="0", in_modal=way) for way in (True, False)
    )
    for asked in (RequestContext(), *modals):
        found += [{"blocks": list(message_of(reply(k, "x"), asked).blocks)} for k in KINDS]
    long = suggestion(WORST["words"], state="open")
    found += [review_view(long), {"blocks": list(review_message(long).blocks)}]
    asks = (
        meant_message("0", [("x", text(200))], is_private=True),
        consent_message("0", "x", text(200)),
    )
    found += [{"blocks": list(message.blocks)} for message in asks]
    return [*found, {"blocks": entry_blocks(entry_reply(text), "", 1, editor=True)}]


def is_reported(block: Block) -> bool:
    """Whether Slack reports interactions with a block before the view is submitted."""
    return block["type"] != "input" or bool(block.get("dispatch_action"))


def test_listeners_match_the_manifest_and_the_views() -> None:
    described, taken = manifest("dev-", uses=ALL), Registered().taken
    features = described["features"]
    assert taken["command"] == [item["command"] for item in features["slash_commands"]]
    shortcuts = {item["callback_id"] for item in features["shortcuts"]}
    assert sorted(map(str, taken["shortcut"])) == sorted(shortcuts)
    events = described["settings"]["event_subscriptions"]["bot_events"]
    assert events == [HOME_OPENED, *MESSAGE_EVENTS]
    assert taken["event"] == sorted({name.partition(".")[0] for name in events})
    submitted = {view["callback_id"] for view in shown() if "submit" in view}
    assert sorted(map(str, taken["view"])) == sorted(submitted)


def test_every_button_has_one_listener_or_a_request_and_no_listener_is_unused() -> None:
    registered = Registered()
    blocks = [block for view in shown() for block in view["blocks"] if is_reported(block)]
    values = {item["action_id"]: str(item.get("value")) for item in elements_in(blocks)}
    for action_id, value in values.items():
        own = registered.matching(action_id)[:-1]  # the last matches any action
        assert len(own) == 1 or (not own and value.startswith("{")), action_id
    used = {str(constraint) for name in values for constraint in registered.matching(name)}
    assert used == {str(constraint) for constraint in registered.taken["action"]}
    for strange in ("reopen_entry_x", "nearby", "more_or_less", "unshare", ""):
        assert registered.matching(strange) == [re.compile("")], "a button of an older version"


def test_each_method_and_event_in_use_has_a_scope_that_slack_accepts() -> None:
    requested = set(scopes(ALL)) | set(scopes())
    used = {"commands", "files:read"}
    for method in called_methods():
        names = [name for name in METHODS if name.replace(".", "_") == method]
        for name in (named := COMPOSED.get(method, names)):
            wanted = set(needed(METHODS[name], None)) - {"connections:write"}
            assert requested & wanted or not wanted, method
            used |= wanted
        assert named, method
    for event in MESSAGE_EVENTS:
        assert set(EVENTS[event]) <= requested
        used |= set(EVENTS[event])
    assert requested <= used


def test_scopes_and_events_are_those_that_the_settings_need() -> None:
    least = {"assistant:write", "chat:write", "commands", "im:history"}
    mention = {"app_mentions:read", "channels:read"}
    follow = {"app_mentions:read", "channels:history", "groups:history", "mpim:history"}
    for uses, wanted, events in (
        (Uses("off", "none"), least, [DIRECT_MESSAGE]),
        (Uses("mention", "none"), least | mention, [MENTION, DIRECT_MESSAGE]),
        (Uses(), least | mention | {"files:write"}, [MENTION, DIRECT_MESSAGE]),
        (Uses("follow", "none"), least | follow, MESSAGE_EVENTS),
        (Uses("off", "both"), least | {"files:read", "files:write"}, [DIRECT_MESSAGE]),
        (Uses("off", "none", profiles=True), least | {"users:read"}, [DIRECT_MESSAGE]),
        (Uses("off", "none", groups=True), least | {"usergroups:read"}, [DIRECT_MESSAGE]),
    ):
        made = manifest(uses=uses)
        assert made["oauth_config"]["scopes"]["bot"] == sorted(wanted)
        assert made["settings"]["event_subscriptions"]["bot_events"] == [HOME_OPENED, *events]


def test_profiles_and_groups_are_asked_for_only_by_rules_that_need_them() -> None:
    for settings, profiles, groups in (
        (Settings(), False, False),
        (Settings(workspace_admins=True), True, False),
        (Settings(guests="deny"), True, False),
        (Settings(readers=parse_readers("a=public,b=everybody")), False, False),
        (Settings(readers=parse_readers("a=members")), True, False),
        (Settings(readers=parse_readers("a=S01")), True, True),
    ):
        uses = Uses.of(settings)
        assert (uses.profiles, uses.groups) == (profiles, groups)


def test_the_guide_has_a_reason_for_every_scope() -> None:
    page = GUIDE.read_text(encoding="utf-8")
    for scope in {*scopes(ALL), *scopes()}:
        assert re.search(rf"^\| `{scope}`.* \| .{{15,}} \|$", page, re.MULTILINE), scope


def test_cli_prints_a_link_that_creates_the_app(nearsay: Command, tmp_path: Path) -> None:
    options: dict[str, Any] = {"data": tmp_path / "data", "NEARSAY_THREADS": "off"}
    done = nearsay("manifest", "--link", NEARSAY_FILES="none", **options)
    assert (done.returncode, done.stderr) == (0, "")
    address = urlsplit(done.stdout.strip())
    assert (address.scheme, address.hostname, address.path) == ("https", "api.slack.com", "/apps")
    query = parse_qs(address.query, strict_parsing=True)
    assert query["new_app"] == ["1"]
    assert json.loads(query["manifest_json"][0]) == manifest(uses=Uses("off", "none"))
    assert done.stdout.strip() == creation_link(manifest(uses=Uses("off", "none")))


def test_cli_prints_the_manifest_with_its_url(nearsay: Command, tmp_path: Path) -> None:
    done = nearsay("manifest", "--url", URL, data=tmp_path / "data", NEARSAY_COMMAND_PREFIX="dev-")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == manifest("dev-", "http", URL)


def test_manifest_without_the_encyclopedia_speaks_of_the_glossary_alone(
    nearsay: Command, tmp_path: Path
) -> None:
    options: dict[str, Any] = {"data": tmp_path / "data", "NEARSAY_ENCYCLOPEDIA": "off"}
    done = nearsay("manifest", **options)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == manifest(own_terms=())
    for terms in ((), ("Mast",), ("Mast", "Keel", "Rudder")):
        made = manifest(own_terms=terms)
        said = json.dumps(made)
        assert not re.search(r"\bAI\b|RAG|encyclopedia|an embedding\?|prompting", said)
        assert "your team" in made["display_information"]["description"]
        prompts = [one["message"] for one in made["features"]["agent_view"]["suggested_prompts"]]
        assert len(prompts) == min(4, len(terms) + 1)
        assert not terms or "What is Mast?" in prompts or "Mast and Keel" in prompts[-2]


def test_manifest_for_an_unencrypted_address_is_refused(nearsay: Command, tmp_path: Path) -> None:
    done = nearsay("manifest", "--url", "http://bot.example/slack/events", data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs the public https:// URL" in done.stderr
