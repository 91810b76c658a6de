"""The Slack app manifest, generated from the command table."""

from collections.abc import Sequence
from typing import Any, Literal

from bot.commands.catalog import COMMANDS
from bot.commands.examples import term_questions
from bot.commands.help import usage

SCOPES = [
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",  # to download glossaries sent to the bot
    "files:write",
    "groups:history",
    "im:history",
    "mpim:history",
]
HOME_OPENED = "app_home_opened"
MESSAGE_EVENTS = ["app_mention", "message.channels", "message.groups", "message.im", "message.mpim"]
WHATS_NEAR, ASK_NEARSAY, ADD_ENTRY = "whats_near_this", "ask_nearsay", "add_to_glossary"
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


def scopes(*, workspace_admins: bool = False) -> list[str]:
    """Return the bot scopes that the app needs, sorted."""
    return [*SCOPES, "users:read"] if workspace_admins else SCOPES


def manifest(
    prefix: str = "",
    mode: Literal["socket", "http"] = "socket",
    url: str | None = None,
    *,
    workspace_admins: bool = False,
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
        "oauth_config": {"scopes": {"bot": scopes(workspace_admins=workspace_admins)}},
        "settings": {
            "event_subscriptions": {"bot_events": [HOME_OPENED, *MESSAGE_EVENTS]} | events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }
