"""Listeners for slash commands, and for the message shortcut "What's near this?"."""

from dataclasses import dataclass

from slack_bolt import Ack, App

from bot.commands.catalog import COMMANDS
from bot.commands.parser import parse, validate
from bot.commands.spec import Request
from bot.slack.blocks.mrkdwn import unescape
from bot.slack.events import text_of_message
from bot.slack.listeners.editing import EditListeners
from bot.slack.manifest import WHATS_NEAR
from bot.slack.payloads import Body, delivery_of
from bot.slack.queue.intake import Intake


@dataclass(frozen=True, eq=False)
class CommandListeners:
    intake: Intake
    editing: EditListeners
    prefix: str = ""

    def register(self, app: App) -> None:
        for command in COMMANDS:
            if command.slack:
                app.command(f"/{self.prefix}{command.name}")(self.command)
        app.shortcut(WHATS_NEAR)(self.whats_near)

    def command(self, ack: Ack, body: Body) -> None:
        """Handle a slash command: open the form that it requests, or queue the delivery."""
        line = f"{body.get('command', '')} {unescape(body.get('text') or '')}"
        request = parse(line, self.prefix)
        wanted = self.editing.wanted(line, request, self.prefix)
        if wanted is not None:
            self.editing.open(ack, body, wanted)
        else:
            self.intake.take(ack, delivery_of(body, request))

    def whats_near(self, ack: Ack, body: Body) -> None:
        """Handle "What's near this?". The question is as private as one in a direct message, since
        it quotes another user."""
        request = validate(Request("near", text_of_message(body)), self.prefix)
        # An action, since the acknowledgement of a shortcut can show no text.
        self.intake.take(ack, delivery_of(body, request, kind="action", place="quoted"))
