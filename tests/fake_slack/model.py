"""The objects in a workspace: plain dataclasses, each with its JSON as sent by Slack."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
ChannelKind = Literal["channel", "group", "im", "mpim"]


@dataclass
class User:
    """A person, or the app's bot user."""

    id: str
    name: str
    real_name: str
    team_id: str
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_bot: bool = False
    external: bool = False
    deleted: bool = False

    def to_json(self) -> JSON:
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_guest,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_stranger": self.external,
            "is_app_user": False,
            "updated": 1700000000,
        }


@dataclass
class Channel:
    """A conversation: public channel, private group, direct message or group message."""

    id: str
    name: str
    kind: ChannelKind
    members: list[str]
    created: int
    creator: str = ""
    is_shared: bool = False
    user: str = ""

    @property
    def command_name(self) -> str:
        """The `channel_name` in a command's payload; it can differ from the channel's name."""
        return {"im": "directmessage", "group": "privategroup"}.get(self.kind, self.name)


@dataclass
class Message:
    """The current state of a message; only the user `ephemeral_to`, if set, can see it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    files: list[JSON] = field(default_factory=list)
    metadata: JSON | None = None
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    edited: JSON | None = None
    ephemeral_to: str | None = None
    values: dict[str, dict[str, dict[str, JSON]]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def everything(self) -> str:
        """The fallback text and all text of the blocks, one piece per line."""
        return "\n".join([self.text, *texts_in(self.blocks)])

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons, in order."""
        return [e["text"]["text"] for e in buttons_in(self.blocks)]


@dataclass
class View:
    """The current state of a modal or a Home tab. `values` holds its user's input."""

    id: str
    type: str
    user: str
    content: JSON
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: dict[str, dict[str, JSON]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    is_open: bool = True

    @property
    def blocks(self) -> list[JSON]:
        return list(self.content.get("blocks", []))

    @property
    def title(self) -> str:
        return str((self.content.get("title") or {}).get("text", ""))

    @property
    def everything(self) -> str:
        """The title and all text of the blocks, one piece per line."""
        return "\n".join([self.title, *texts_in(self.blocks)])

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons, in order."""
        return [e["text"]["text"] for e in buttons_in(self.blocks)]


@dataclass
class File:
    """An uploaded file, posted some time after the upload is complete."""

    id: str
    name: str
    title: str
    user: str
    content: bytes = b""
    alt_text: str = ""
    uploaded: bool = False
    completed: bool = False


def texts_in(node: Any) -> list[str]:
    """Return all `text` and `alt_text` strings below a node of Block Kit, in order."""
    if isinstance(node, list):
        return [text for item in node for text in texts_in(item)]
    if not isinstance(node, dict):
        return []
    found: list[str] = []
    for key, value in node.items():
        if key in ("text", "alt_text") and isinstance(value, str):
            found.append(value)
        else:
            found.extend(texts_in(value))
    return found


def elements_in(blocks: list[JSON]) -> list[JSON]:
    """Return copies of the interactive elements, each with its `block_id`."""
    found: list[JSON] = []
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        found.extend(
            deepcopy(element) | {"block_id": block.get("block_id", "")}
            for element in inside
            if isinstance(element, dict) and "action_id" in element
        )
    return found


def buttons_in(blocks: list[JSON]) -> list[JSON]:
    """Return the buttons, in order; a feedback element has two buttons with one action."""
    found: list[JSON] = []
    for element in elements_in(blocks):
        if element["type"] == "feedback_buttons":
            sides = (element["positive_button"], element["negative_button"])
            shared = {name: element[name] for name in ("type", "action_id", "block_id")}
            found += [side | shared for side in sides]
        elif element["type"] == "button":
            found.append(element)
    return found
