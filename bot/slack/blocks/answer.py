"""Blocks for an answer: its text, citations and follow-up questions."""

from bot.rendering.common import (
    citation_label,
    decline_line,
    places_of,
    questions_above,
    weak_line,
)
from bot.slack.blocks.elements import (
    LONGEST_VALUE,
    Block,
    actions,
    button,
    context,
    section,
)
from bot.slack.blocks.mrkdwn import escape, truncate
from index.search.results import Answer
from index.text import one_line

OPEN, NEAR, ASK = "open_entry", "near", "ask"
LONGEST_ANSWER = 2_900  # characters
CITED = 2  # entries with a button under an answer
NEAREST = 2  # entries with a button if there is no answer


def open_button(entry_id: str, term: str, at: int | None = None) -> Block:
    return button(f"Open {one_line(term)}", OPEN if at is None else f"{OPEN}_{at}", entry_id)


def near_button(entry_id: str, term: str) -> Block:
    return button(f"More like {one_line(term)}", f"{NEAR}_0", entry_id)


def answer_blocks(reply: Answer) -> list[Block]:
    """Build the blocks of an answer, with buttons for its citations and follow-up questions."""
    blocks = [context(weak_line(reply))] if weak_line(reply) else []
    titles = set(map(escape, questions_above(reply)))
    lines = truncate(reply.text, LONGEST_ANSWER).split("\n")
    text = "\n".join(f"*{line}*" if line in titles else line for line in lines)
    blocks.append(section(text or "…"))
    if reply.citations:
        places = [
            button(citation_label(place), f"{OPEN}_{at}", place.id)
            for at, place in enumerate(places_of(reply)[:CITED])
        ]
        blocks += [context("From:")] if reply.citations[0].heading else []
        blocks += actions(places)
    elif decline_line(reply) and not reply.follow_ups:
        shown = enumerate(reply.nearest[:NEAREST])
        entries = [button(one_line(m.term), f"{OPEN}_{at}", m.id) for at, m in shown]
        blocks += [context(decline_line(reply)), *actions(entries)]
    questions = [
        button(question, f"{ASK}_{at}", question)
        for at, question in enumerate(map(one_line, reply.follow_ups))
        if question and len(question) <= LONGEST_VALUE
    ]
    if questions:
        blocks += [context("You could ask next:")] if reply.answered else []
        blocks += actions(questions)
    return blocks
