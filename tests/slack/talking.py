"""Send messages to the bot, and read its answers."""

from typing import Any

from tests.fake_slack import Channel, Message
from tests.slack.team import Team

QUESTION = "Who looks after a hawser?"


def new_channel(team: Team) -> Channel:
    """Add a channel with ada, ben and the bot."""
    return team.workspace.add_channel("quay", [team.ada, team.ben])


def bot_replies(team: Team, root: Message) -> list[Message]:
    """Return the bot's messages in a thread."""
    return [m for m in team.workspace.replies(root) if m.bot_id]


def answers(team: Team, root: Message, count: int = 1) -> list[Message]:
    """Wait for `count` messages from the bot in a thread, and return them."""
    return team.workspace.wait(
        lambda: found if len(found := bot_replies(team, root)) >= count else None, seconds=10
    )


def quiet(team: Team) -> None:
    """Wait until all messages have been processed."""
    team.quiet()


def mention(team: Team, channel: Channel, text: str, thread: Message | None = None) -> Message:
    return team.workspace.say(team.ada, channel, f"{team.workspace.mention} {text}", thread)


def sent_messages(team: Team) -> list[Any]:
    """Return all messages that the bot has sent so far."""
    methods = ("chat.postMessage", "chat.postEphemeral", "response_url", "views.open")
    return [call for call in team.workspace.calls() if call.method in methods]
