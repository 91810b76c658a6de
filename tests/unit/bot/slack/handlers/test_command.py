"""The notice to a user whose command waits for a long embedding."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.commands.parser import parse
from bot.slack.blocks.elements import Message
from bot.slack.handlers import command as module
from bot.slack.handlers.command import CommandHandler
from bot.slack.handlers.maps import MapHandler
from bot.slack.handlers.renderer import Renderer
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.worker_pool import Expensive
from bot.slack.roles import AdminDirectory
from index.search.explore.compare_models import EmbeddedSpace
from index.storage import Store
from index.storage.db.database import Database
from tests.support.toy import ToyEmbedder


@pytest.mark.parametrize(("many", "notices"), [(3, 1), (10_000, 0)])
def test_a_user_who_waits_for_embedding_is_notified_once(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch, many: int, notices: int
) -> None:
    waits: list[str] = []
    sent: list[tuple[Message, bool]] = []

    def send(_: str, message: Message, *, in_channel: bool) -> None:
        sent.append((message, in_channel))

    monkeypatch.setattr(module, "tell", lambda _, text: waits.append(text))
    monkeypatch.setattr(module, "send", send)
    monkeypatch.setattr(module, "MANY", many)
    monkeypatch.setattr("index.storage.embedding_cache.AT_ONCE", 5)
    others = [EmbeddedSpace(ToyEmbedder("other"), harbour_store)]
    desk = Assistant(harbour_store, ToyEmbedder(), others=others)
    client: Any = WebClient()
    inbox = Inbox(Database.of_file(None, 1))
    renderer = Renderer(desk.question_log, MapHandler(client))
    asked = Delivery("1.2", "command", "", "https://a.test", time.time(), shared_by="ada")
    asked = replace(asked, request=parse("/latent models a rope"))
    outcome = CommandHandler(desk, inbox, client, AdminDirectory(()), renderer).answer(asked)
    assert isinstance(outcome, Expensive)
    assert (waits, sent) == ([], []), "an expensive command waits for its turn"
    outcome.job()
    assert len(waits) == notices
    assert all("passages first" in text for text in waits)
    ((message, in_channel),) = sent
    assert "2 models" in message.text
    assert in_channel
