"""Puts suggestions before the glossary's owners, and tells everybody what became of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.admin.suggestions import SuggestionService
from bot.replies.editing import Saved
from bot.slack.api_errors import only_logged
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import Message
from bot.slack.blocks.review import review_message
from bot.slack.progress_message import Place, ProgressMessage, post
from bot.slack.roles import AdminDirectory
from index.errors import NearsayError
from index.storage.db.suggestions import Suggestion
from index.text import one_line, shorten

logger = logging.getLogger(__name__)

PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")  # the id of a user in Slack


@dataclass(frozen=True, eq=False)
class ReviewHandler:
    """Posts suggestions in the channel for reviews, or else to each of the admins. Workers may
    share it."""

    suggestions: SuggestionService
    client: WebClient
    channel: str
    admins: AdminDirectory
    prefix: str = ""

    def post(self, suggestion: str) -> None:
        """Puts a suggestion before those who decide. Never raises: where nobody can be told, it
        still waits in the list."""
        with only_logged("a suggestion could not be shown"):
            review = self.suggestions.reviewed(suggestion)
            message = review_message(review.suggestion, review.preview, self.prefix)
            places = self._posted([self.channel] if self.channel else [], message)
            places = places or self._posted(self.admins.ids, message)
            if not places:
                logger.warning("nobody was told of the suggestion %s", suggestion)
                return
            channels, stamps = zip(*places, strict=True)
            self.suggestions.posted(suggestion, " ".join(channels), " ".join(stamps))

    def decided(self, suggestion: str, saved: Saved | None = None) -> None:
        """Says what became of a suggestion: where it is reviewed, and to who made it. With `saved`
        that it is live, or why it is not yet."""
        with only_logged("what became of a suggestion cannot be told"):
            found = self.suggestions.get(suggestion)
            self.show(found, _outcome(saved) if saved else "")
            if PERSON.fullmatch(found.person):
                post(self.client, found.person, note(told_to_author(found, saved, self.prefix)))

    def show(self, suggestion: Suggestion, outcome: str = "") -> None:
        """Brings the messages of a suggestion up to date."""
        message = review_message(suggestion, None, self.prefix, outcome)
        for place in zip(suggestion.channel.split(), suggestion.ts.split(), strict=False):
            ProgressMessage(self.client, place=place).end(message)

    def refresh(self, suggestion: str) -> None:
        """Brings the messages of a suggestion up to date that somebody has decided on already,
        maybe in a terminal."""
        with suppress(NearsayError):
            found = self.suggestions.get(suggestion)
            if found.state != "open":
                self.show(found)

    def _posted(self, channels: Sequence[str], message: Message) -> list[Place]:
        places = (post(self.client, channel, message) for channel in channels)
        return [place for place in places if place is not None]


def told_to_author(suggestion: Suggestion, saved: Saved | None, prefix: str = "") -> str:
    """What became of a suggestion, for who made it."""
    term = shorten(one_line(saved.term if saved else suggestion.fields.term), 120)
    if suggestion.state == "declined":
        reason = one_line(suggestion.note)
        told = f'Your suggestion "{term}" was declined.'
        return f"{told} The reason: {reason}" if reason else told
    if saved is not None and saved.live:
        return f'Your suggestion is in the glossary: "{term}". See it with /{prefix}define {term}'
    return f'Your suggestion "{term}" was approved. It is in the glossary soon.'


def _outcome(saved: Saved) -> str:
    return f"It is live in {saved.generation}." if saved.live else "It is not live yet."
