"""A reply as the question that is kept of it."""

from __future__ import annotations

from datetime import datetime

from bot.commands.spec import Request
from bot.phrases import is_remark
from bot.replies import Problem, Reply
from index.space.results import Answer, EntryReply, Neighbours
from index.store.ledger import Place, Question
from index.store.ledger.asked import AskedOutcome
from index.text import one_line


def question_of(
    reply: Reply,
    request: Request | None,
    *,
    name: str,
    at: datetime,
    person: str,
    place: Place,
    channel: str,
    seconds: float | None = None,
) -> Question | None:
    """What is kept under the id `name` of a request that got `reply`; None where it asked for no
    entries, as help does, or went wrong. `seconds` is how long the reply took, where it was
    measured."""
    if request is None or not person:
        return None
    text, answer = one_line(request.text), ""
    outcome: AskedOutcome
    entries: tuple[str, ...] = ()
    match reply:
        case Answer() if is_remark(reply):
            return None  # small talk
        case Answer():
            outcome = "answered" if reply.answered else "sparse" if reply.sparse else "declined"
            found = reply.citations or reply.nearest
            entries, answer = tuple(dict.fromkeys(item.id for item in found)), reply.text
        case Neighbours():
            outcome = "sparse" if reply.sparse else "answered"
            entries = tuple(item.id for item in reply.neighbours)
            if entries and entries[0] == text:  # a button asks by the id
                text = reply.neighbours[0].term
        case EntryReply():
            outcome, answer = "answered", reply.entry.definition
            entries = (reply.entry.id, *(item.id for item in reply.neighbours))
        case Problem(code="not_found") if request.command == "define":
            outcome = "unknown"
        case _:
            return None
    return Question(
        id=name,
        at=at,
        person=person,
        place=place,
        channel=channel,
        text=text,
        outcome=outcome,
        answer=answer,
        entries=entries,
        generation=reply.generation,
        seconds=seconds,
    )
