"""The Slack app manifest, generated from the command table and the settings."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from bot.commands.catalog import COMMANDS
from bot.commands.examples import term_questions
from bot.commands.help import usage
from bot.config import Settings

HOME_OPENED = "app_home_opened"
MENTION = "app_mention"
DIRECT_MESSAGE = "message.im"
OVERHEARD = ("message.channels", "message.groups", "message.mpim")  # every message of a channel
MESSAGE_EVENTS = sorted([MENTION, DIRECT_MESSAGE, *OVERHEARD])
NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="
WHATS_NEAR, ASK_NEARSAY, ADD_ENTRY = "whats_near_this", "ask_nearsay", "add_to_glossary"
EXPLAIN_MESSAGE = "explain_message"
SHORTCUTS = [
    {
        "type": "global",
        "name": "Ask Nearsay",
        "callback_id": ASK_NEARSAY,
        "description": "Ask about a term, or describe what you are looking for",
    },
    {
        "type": "global",
        "name": "Add to the glossary",
        "callback_id": ADD_ENTRY,
        "description": "Write an entry, or suggest one to the glossary's owners",
    },
    {
        "type": "message",
        "name": "What's near this?",
        "callback_id": WHATS_NEAR,
        "description": "The entries nearest to a message, visible only to you",
    },
    {
        "type": "message",
        "name": "Explain this message",
        "callback_id": EXPLAIN_MESSAGE,
        "description": "The terms of a message with their meanings, visible only to you",
    },
]
DESCRIPTION = "What's near this? AI and prompting terms, found by meaning."
AGENT = (
    "Answers questions about AI and prompting from an encyclopedia, and finds the entries closest "
    "in meaning to a text."
)
OWN_DESCRIPTION = "What's near this? The terms of your team, found by meaning."
OWN_AGENT = (
    "Answers questions from your team's glossary, and finds the entries closest in meaning to a "
    "text."
)
LIST_TOPICS = {"List the topics": "List all categories"}
# The suggested prompts, by title, until the bot sets the most frequent questions.
PROMPTS = {
    "What is an embedding?": "What is an embedding?",
    "Why do answers differ?": "Why do I get a different answer each time?",
    "RAG or fine-tuning?": "What is the difference between RAG and fine-tuning?",
    **LIST_TOPICS,
}


@dataclass(frozen=True, slots=True)
class Uses:
    """What an installation uses Slack for, on which its scopes depend; see the settings."""

    threads: Literal["follow", "mention", "off"] = "mention"
    files: Literal["none", "send", "both"] = "send"
    profiles: bool = False  # who is a workspace admin or a guest
    groups: bool = False  # who is in a user group

    @classmethod
    def of(cls, settings: Settings) -> "Uses":
        readers = settings.reader_rules
        return cls(
            settings.threads,
            settings.files,
            profiles=settings.workspace_admins or readers.needs_standing,
            groups=bool(readers.groups),
        )


def scopes(uses: Uses = Uses()) -> list[str]:
    """Return the bot scopes that the app needs, sorted. The Slack guide has the reason of each."""
    wanted = ["assistant:write", "chat:write", "commands", "im:history"]
    if uses.threads != "off":
        wanted.append("app_mentions:read")
    if uses.threads == "mention":
        wanted.append("channels:read")  # whether a channel is public; messages would say so
    if uses.threads == "follow":
        wanted += ["channels:history", "groups:history", "mpim:history"]
    if uses.files != "none":
        wanted.append("files:write")
    if uses.files == "both":
        wanted.append("files:read")
    if uses.profiles:
        wanted.append("users:read")
    if uses.groups:
        wanted.append("usergroups:read")
    return sorted(wanted)


def message_events(uses: Uses = Uses()) -> list[str]:
    """Return the messages that Slack delivers: all of channels only if the bot follows threads."""
    mention = () if uses.threads == "off" else (MENTION,)
    return sorted([*mention, DIRECT_MESSAGE, *(OVERHEARD if uses.threads == "follow" else ())])


def excess_scopes(granted: Iterable[str], uses: Uses) -> list[str]:
    """Return the scopes that the app has and does not need, sorted."""
    return sorted(set(granted) - set(scopes(uses)) - {""})


def creation_link(described: dict[str, Any]) -> str:
    """Return the address of Slack's "Create an app" page, filled in with a manifest."""
    return NEW_APP + quote(json.dumps(described, ensure_ascii=False, separators=(",", ":")))


def manifest(
    prefix: str = "",
    mode: Literal["socket", "http"] = "socket",
    url: str | None = None,
    uses: Uses = Uses(),
    *,
    own_terms: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return the manifest. In HTTP mode, Slack sends all requests to `url`. Without the bundled
    encyclopedia, `own_terms` are terms of the team's glossary for the suggested prompts."""
    own = own_terms is not None
    prompts = {text: text for text in term_questions(own_terms or ())[-3:]} | LIST_TOPICS
    address = {"url": url} if mode == "http" else {}
    commands = [
        {
            "command": f"/{prefix}{command.name}",
            "description": command.summary[0].upper() + command.summary[1:],
            "usage_hint": usage(command, prefix).partition(" ")[2],
            "should_escape": False,
            **address,
        }
        for command in COMMANDS
        if command.slack
    ]
    events = {"request_url": url} if mode == "http" else {}
    interactivity = {"is_enabled": True} | events
    return {
        "display_information": {
            "name": "Nearsay",
            "description": OWN_DESCRIPTION if own else DESCRIPTION,
            "background_color": "#1d3b53",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": OWN_AGENT if own else AGENT,
                "suggested_prompts": [
                    {"title": title, "message": message}
                    for title, message in (prompts if own else PROMPTS).items()
                ],
            },
            "bot_user": {"display_name": "Nearsay", "always_online": True},
            "shortcuts": SHORTCUTS,
            "slash_commands": commands,
        },
        "oauth_config": {"scopes": {"bot": scopes(uses)}},
        "settings": {
            "event_subscriptions": {"bot_events": [HOME_OPENED, *message_events(uses)]} | events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }
