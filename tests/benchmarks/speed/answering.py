"""Nearsay as a contender: a line in, the reply rendered for Slack out."""

from __future__ import annotations

import json
from collections.abc import Callable

from bot import pauses
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.desk import Desk
from bot.replies import Problem
from bot.slack.blocks import Asked, message_of
from index.embedder import Embedder, SentenceEmbedder
from index.store import Store
from tests.benchmarks.speed.contender import Question, Ways
from tests.benchmarks.speed.place import Place
from tests.benchmarks.speed.worker import ContenderFailed


def nearsay(place: Place) -> Ways:
    """The index of a place at a desk, warm as `nearsay serve` has it."""
    model = place.model
    embedder = SentenceEmbedder(model.name, model.folder, model.backend)
    ways = at_a_desk(Store(place.data), embedder)
    pauses.keep_short()
    return ways


def at_a_desk(store: Store, embedder: Embedder) -> Ways:
    """The index of a store, warm."""
    desk = Desk(store, embedder)
    desk.warm_up()

    def answered(line: str) -> Callable[[], object]:
        def answer() -> object:
            reply = desk.say(line)
            if isinstance(reply, Problem):
                raise ContenderFailed(f"{line} was answered by: {reply.message}", reply.hint)
            request = parse(line)
            asked = Asked(request if isinstance(request, Request) else None)
            return json.dumps(list(message_of(reply, asked).blocks))

        return answer

    def plain(question: Question) -> Callable[[], object]:
        return answered(plain_line(question))

    def filtered(question: Question) -> Callable[[], object]:
        return answered(filtered_line(question))

    return {"plain": plain, "filtered": filtered}


def plain_line(question: Question) -> str:
    return f"/near {question.text}"


def filtered_line(question: Question) -> str:
    return f"/near {question.text} in={question.category}"
