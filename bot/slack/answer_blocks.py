"""An answer as blocks: what the entries say, where they say it, and what to ask next."""

from __future__ import annotations

from bot.phrases import CONFIDENCE, cited, footer, nearest_line
from bot.slack.elements import LONGEST_VALUE, Block, button, context, section
from bot.slack.mrkdwn import fitted
from index.space.results import Answer
from index.text import one_line

OPEN, ASK = "open_entry", "ask"
LONGEST_ANSWER = 2_900  # characters
CITED = 5  # citations that have a button
NEAREST = 5  # entries shown where there is no answer
ASKED_NEXT = 3  # follow-up questions


def answer_blocks(reply: Answer) -> list[Block]:
    """The answer, "From:" with a button for each place, how sure it is, and what to ask next."""
    blocks = [section(fitted(reply.text, LONGEST_ANSWER) or "…")]
    if reply.citations:
        places = [
            button(cited(place), f"{OPEN}_{at}", place.id)
            for at, place in enumerate(reply.citations[:CITED])
        ]
        blocks += [context("From:"), {"type": "actions", "elements": places}]
    elif not reply.answered:
        blocks += _nearest(reply)
    questions = [
        button(one_line(question), f"{ASK}_{at}", question)
        for at, question in enumerate(reply.follow_ups[:ASKED_NEXT])
        if question.strip() and len(question) <= LONGEST_VALUE
    ]
    told = CONFIDENCE[reply.confidence] if reply.answered else ""
    told = f"{told} You could ask next:".strip() if questions else told
    if told:
        blocks.append(context(told))
    if questions:
        blocks.append({"type": "actions", "elements": questions})
    return [*blocks, context(footer(reply.generation, reply.model))]


def answer_lines(reply: Answer) -> list[str]:
    """The same as lines of text."""
    lines = [reply.text]
    if reply.citations:
        lines.append("From: " + " · ".join(map(cited, reply.citations[:CITED])))
    elif not reply.answered and reply.nearest:
        lines.append(f"Nearest: {nearest_line(reply.nearest[:NEAREST])}")
    if reply.answered:
        lines.append(CONFIDENCE[reply.confidence])
    if reply.follow_ups:
        asked = " · ".join(f'"{one_line(text)}"' for text in reply.follow_ups[:ASKED_NEXT])
        lines.append(f"You could ask next: {asked}")
    return lines


def _nearest(reply: Answer) -> list[Block]:
    """The entries nearest to a question that none of them answers."""
    shown = reply.nearest[:NEAREST]
    if not shown:
        return []
    entries = [button(one_line(m.term), f"{OPEN}_{at}", m.id) for at, m in enumerate(shown)]
    told = f"Nearest: {nearest_line(shown)}"
    return [context(told), {"type": "actions", "elements": entries}]
