"""An answer as blocks: what the entries say, where they say it, and what to ask next."""

from __future__ import annotations

from bot.phrases import CONFIDENCE, cited, decline_line
from bot.slack.elements import LONGEST_VALUE, Block, button, context, section
from bot.slack.mrkdwn import fitted
from index.space.results import Answer
from index.text import one_line

OPEN, NEAR, ASK = "open_entry", "near", "ask"
LONGEST_ANSWER = 2_900  # characters
CITED = 5  # citations that have a button
NEAREST = 5  # entries shown where there is no answer
ASKED_NEXT = 2  # follow-up questions


def answer_blocks(reply: Answer) -> list[Block]:
    """The answer, "From:" with a button for each place, how sure it is, and what to ask next."""
    blocks = [section(fitted(reply.text, LONGEST_ANSWER) or "…")]
    if reply.citations:
        places = [
            button(cited(place), f"{OPEN}_{at}", place.id)
            for at, place in enumerate(reply.citations[:CITED])
        ]
        blocks += [context("From:")] if reply.citations[0].heading else []
        blocks.append({"type": "actions", "elements": places})
    elif not reply.answered:
        blocks += _nearest(reply)
    questions = [
        button(question, f"{ASK}_{at}", question)
        for at, question in enumerate(map(one_line, reply.follow_ups[:ASKED_NEXT]))
        if question and len(question) <= LONGEST_VALUE
    ]
    told = f"{CONFIDENCE[reply.confidence]} {'You could ask next:' if questions else ''}".strip()
    if told:
        blocks.append(context(told))
    if questions:
        blocks.append({"type": "actions", "elements": questions})
    return blocks


def _nearest(reply: Answer) -> list[Block]:
    """The entries nearest to a question that none of them answers."""
    shown = reply.nearest[:NEAREST]
    if not shown:
        return []
    entries = [button(one_line(m.term), f"{OPEN}_{at}", m.id) for at, m in enumerate(shown)]
    return [context(decline_line(reply)), {"type": "actions", "elements": entries}]
