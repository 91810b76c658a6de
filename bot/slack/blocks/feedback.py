"""Feedback buttons under a reply: votes, suggestions and sharing a question with the owners."""

from collections.abc import Sequence
from functools import partial

from bot.commands.spec import Request
from bot.rendering.common import is_small_talk
from bot.replies.base import Problem, Reply
from bot.slack.blocks.elements import Block, actions, button, context
from bot.slack.blocks.mrkdwn import plain
from index.search.results import Answer, EntryReply, Neighbours
from index.text import one_line, shorten

VOTE = "vote"  # Slack's own feedback buttons, whose value begins with HELPFUL or NOT_HELPFUL
SUGGEST = "suggest_definition"
HELPFUL, NOT_HELPFUL, SHARE_QUESTION = "helpful", "not_helpful", "tell_owners"
VOTED = "voted"  # id of the block that shows the vote, and begin of those of blocks below it
SHARE_LABEL = "Show to the glossary's owners"
MOST_BUTTONS = 4  # under a problem, with those of its suggestions
LABELS = {HELPFUL: "Helpful", NOT_HELPFUL: "Not helpful"}


def feedback_blocks(
    reply: Reply, request: Request | None, question: str, *, in_modal: bool = False
) -> list[Block]:
    """Build the feedback buttons under a reply; omit votes if the id `question` is empty."""
    offers = _offers(reply, request)
    votes: list[Block] = []
    if question:
        match reply:
            case Answer() if not is_small_talk(reply):
                missing = not reply.answered
            case Neighbours():
                missing = reply.sparse
            case EntryReply():
                missing = False
            case Problem(code="not_found"):
                room = len(offers) + len(reply.suggestions) < MOST_BUTTONS
                return actions([*offers, *([_tell(question)] if room else [])])
            case _:
                return actions(offers)
        offers += [_tell(question)] if missing else []
        small = actions([button(label, vote, question) for vote, label in LABELS.items()])
        votes = small if in_modal else _votes(question)
    return [*actions(offers), *votes]


def _offers(reply: Reply, request: Request | None) -> list[Block]:
    match reply:
        case Problem(code="not_found") if request is not None and request.command == "define":
            asked = request.text
        case Neighbours(sparse=True):
            asked = reply.query
        case Answer(answered=False) if not is_small_talk(reply):
            asked = reply.question
        case _:
            return []
    return [button("Suggest a definition", SUGGEST, shorten(one_line(asked), 300) or "…")]


def with_votes(blocks: Sequence[Block], line: str, asks: Sequence[Block] = ()) -> list[Block]:
    """Return the blocks with the line, and blocks that ask the voter something, below the vote
    buttons, instead of any earlier ones."""
    others = [block for block in blocks if not str(block.get("block_id")).startswith(VOTED)]
    at = 1 + next((at for at, block in enumerate(others) if _is_vote(block)), len(others))
    shown = context(line) | {"block_id": VOTED}
    below = (block | {"block_id": f"{VOTED}_{number}"} for number, block in enumerate(asks))
    return [*others[:at], shown, *below, *others[at:]]


def voted_line(vote: str) -> str:
    return f"Marked as {LABELS.get(vote, vote).lower()}."


def _is_vote(block: Block) -> bool:
    return any(item.get("action_id") in (VOTE, *LABELS) for item in block.get("elements", ()))


def _votes(question: str) -> list[Block]:
    def side(vote: str) -> Block:
        return {
            "text": plain(LABELS[vote], 75),
            "accessibility_label": f"Mark this reply as {LABELS[vote].lower()}",
            "value": f"{vote} {question}",
        }

    element = {
        "type": "feedback_buttons",
        "action_id": VOTE,
        "positive_button": side(HELPFUL),
        "negative_button": side(NOT_HELPFUL),
    }
    return [{"type": "context_actions", "elements": [element]}]


_tell = partial(button, SHARE_LABEL, SHARE_QUESTION)
