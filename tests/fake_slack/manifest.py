"""An installed app: the deliveries that its manifest allows.

https://docs.slack.dev/reference/app-manifest
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fake_slack.model import JSON
from tests.fake_slack.scopes import EVENTS, EVERY_BOT_SCOPE

Mode = Literal["http", "socket"]
PROMPT_LIMIT = 4
COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


class ManifestError(ValueError):
    """Raised for a manifest that Slack refuses; the message lists all its faults."""


@dataclass(frozen=True)
class Command:
    name: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    callback_id: str
    name: str
    type: Literal["global", "message"]


@dataclass(frozen=True)
class Installation:
    """The app's permissions and subscriptions. `permissive` is on until a manifest is installed:
    every command, shortcut and event is delivered, with every scope."""

    bot_name: str = "Nearsay"
    scopes: frozenset[str] = frozenset(EVERY_BOT_SCOPE)
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    events: frozenset[str] = frozenset(EVENTS)
    commands: Mapping[str, Command] = field(default_factory=dict)
    shortcuts: Mapping[str, Shortcut] = field(default_factory=dict)
    permissive: bool = True
    interactive: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    agent: bool = False

    def listens_to(self, event: str) -> bool:
        """Whether an event is subscribed to and its scope is granted."""
        wanted = EVENTS[event]
        return event in self.events and (not wanted or not self.scopes.isdisjoint(wanted))

    def command(self, name: str) -> Command | None:
        if self.permissive:
            return Command(name)
        return self.commands.get(name) if "commands" in self.scopes else None

    def shortcut(self, callback_id: str) -> Shortcut | None:
        if self.permissive:
            return Shortcut(callback_id, callback_id, "message")
        return self.shortcuts.get(callback_id) if "commands" in self.scopes else None


def read_manifest(manifest: JSON, mode: Mode) -> Installation:
    """Read an app manifest.

    Raises:
        ManifestError: with Slack's own findings, or because the manifest's
            `socket_mode_enabled` does not match the workspace.
    """
    features: JSON = manifest.get("features", {})
    settings: JSON = manifest.get("settings", {})
    oauth: JSON = manifest.get("oauth_config", {})
    subscriptions: JSON = settings.get("event_subscriptions", {})
    interactivity: JSON = settings.get("interactivity", {})
    home: JSON = features.get("app_home", {})
    commands: list[JSON] = features.get("slash_commands", [])
    shortcuts: list[JSON] = features.get("shortcuts", [])
    socket_mode = bool(settings.get("socket_mode_enabled", False))
    faults = [
        *_display_faults(manifest),
        *_command_faults(commands),
        *_shortcut_faults(shortcuts),
        *_event_faults(subscriptions),
        *_agent_faults(features.get("agent_view")),
    ]
    if socket_mode != (mode == "socket"):
        faults.append(
            f"settings.socket_mode_enabled is {socket_mode}, and this workspace was started with"
            f" mode={mode!r}: nothing would reach the app"
        )
    if faults:
        raise ManifestError("; ".join(faults))
    bot = features.get("bot_user") or {}
    return Installation(
        bot_name=bot.get("display_name", "Nearsay"),
        scopes=frozenset(oauth.get("scopes", {}).get("bot", [])),
        events=frozenset(subscriptions.get("bot_events", [])),
        commands={
            c["command"]: Command(c["command"], c["description"], c.get("usage_hint", ""))
            for c in commands
        },
        shortcuts={
            s["callback_id"]: Shortcut(s["callback_id"], s["name"], s["type"]) for s in shortcuts
        },
        permissive=False,
        interactive=bool(interactivity.get("is_enabled", False)),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        agent="agent_view" in features,
    )


def _display_faults(manifest: JSON) -> list[str]:
    info = manifest.get("display_information", {})
    name = info.get("name", "")
    faults = []
    if not 1 <= len(name) <= 35:
        faults.append("display_information.name must have 1 to 35 characters")
    if len(info.get("description", "")) > 140:
        faults.append("display_information.description must have at most 140 characters")
    bot: Any = manifest.get("features", {}).get("bot_user")
    if bot is not None and not 1 <= len(bot.get("display_name", "")) <= 80:
        faults.append("features.bot_user.display_name must have 1 to 80 characters")
    return faults


def _command_faults(commands: list[JSON]) -> list[str]:
    faults = []
    names = [c.get("command", "") for c in commands]
    if len(commands) > 50:
        faults.append("at most 50 slash commands")
    for entry, name in zip(commands, names, strict=True):
        if not COMMAND.fullmatch(name):
            faults.append(f"command {name!r} must be / and up to 31 of a-z, 0-9, - and _")
        if not 1 <= len(entry.get("description", "")) <= 2000:
            faults.append(f"command {name!r} must have a description")
        if entry.get("should_escape"):
            faults.append(f"command {name!r} must not escape names: this workspace cannot")
        if names.count(name) > 1:
            faults.append(f"command {name!r} is there twice")
    return faults


def _shortcut_faults(shortcuts: list[JSON]) -> list[str]:
    faults = []
    if len(shortcuts) > 10:
        faults.append("at most 10 shortcuts")
    for entry in shortcuts:
        name = entry.get("name", "")
        if not 1 <= len(name) <= 24:
            faults.append(f"shortcut name {name!r} must have 1 to 24 characters")
        if entry.get("type") not in ("message", "global"):
            faults.append(f"shortcut {name!r} must be of type message or global")
        if not 1 <= len(entry.get("callback_id", "")) <= 255:
            faults.append(f"shortcut {name!r} must have a callback_id of up to 255 characters")
        if not 1 <= len(entry.get("description", "")) <= 150:
            faults.append(f"shortcut {name!r} must have a description of up to 150 characters")
    return faults


def _agent_faults(agent: JSON | None) -> list[str]:
    if agent is None:
        return []
    faults = []
    if not 1 <= len(agent.get("agent_description", "")) <= 300:
        faults.append("agent_view.agent_description must have 1 to 300 characters")
    prompts = agent.get("suggested_prompts", [])
    if len(prompts) > PROMPT_LIMIT:
        faults.append(f"at most {PROMPT_LIMIT} suggested prompts")
    if not all(prompt.get("title") and prompt.get("message") for prompt in prompts):
        faults.append("a suggested prompt needs a title and a message")
    return faults


def _event_faults(subscriptions: JSON) -> list[str]:
    unknown = set(subscriptions.get("bot_events", [])) - set(EVENTS)
    return [f"event {name!r} is not known" for name in sorted(unknown)]
