"""The buttons under an answer by which people say whether it helped them."""

from __future__ import annotations

from bot.replies import Problem, Reply
from bot.slack.elements import Block, button
from index.space.results import Answer, EntryReply, Neighbours

HELPFUL, NOT_HELPFUL, TELL = "helpful", "not_helpful", "tell_owners"


def with_feedback(
    blocks: list[Block], reply: Reply, question: str, offer: Block | None = None
) -> list[Block]:
    """`blocks` with the buttons above their last line: votes where there is something to vote on,
    and where nothing was found the offer to show the question to those who can add to the
    glossary, and another `offer`. `question` is the id that the votes speak for, if any."""
    offers = [offer] if offer else []
    if not question:
        below = isinstance(reply, Problem) or not offers
        return [*blocks, *map(_row, offers)] if below else [*blocks[:-1], _row(*offers), blocks[-1]]
    match reply:
        case Answer():
            missing = not reply.answered
        case Neighbours():
            missing = reply.sparse
        case EntryReply():
            missing = False
        case Problem():
            return [*blocks, _row(*offers, _tell(question))]
        case _:
            return blocks
    row = _row(
        button("Helpful", HELPFUL, question),
        button("Not helpful", NOT_HELPFUL, question),
        *([_tell(question)] if missing else []),
        *offers,
    )
    return [*blocks[:-1], row, *blocks[-1:]]


def _tell(question: str) -> Block:
    return button("Tell the glossary's owners", TELL, question)


def _row(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}
