"""Replies as Block Kit, with plain text beside it that can stand alone.

Limits are Slack's (Block Kit reference): 50 blocks a message, 3,000 characters a section, 150 a
header, 75 a button, 2,000 a button's value, 25 buttons a row; all text of a message together stays
below 13,000.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import phrases
from bot.admin.editing_replies import (
    Conflict,
    Declined,
    Form,
    History,
    Removal,
    Review,
    Reviews,
    Saved,
    Suggested,
)
from bot.admin.phrases import lines_of
from bot.grammar import Request, line_of
from bot.latent.phrases import lines_of as lines_of_explored
from bot.latent.phrases import table_of, title_of
from bot.phrases import (
    NEW_THREAD,
    about,
    also_line,
    decline_line,
    footer,
    forgotten_line,
    nearest_line,
    next_line,
    source_line,
    weak_line,
)
from bot.replies import Diagnosis, Forgotten, Help, Integrity, NewThread, Problem, Reply
from bot.slack.admin_blocks import admin_blocks
from bot.slack.answer_blocks import NEAR, OPEN, answer_blocks
from bot.slack.editing.edit_blocks import edit_blocks
from bot.slack.editing.offers import edit_button, offer_of
from bot.slack.elements import LONGEST_VALUE, Block, Message, button, context, heading, section
from bot.slack.entry_modal import whole
from bot.slack.feedback_blocks import with_feedback
from bot.slack.latent_blocks import latent_blocks
from bot.slack.mrkdwn import escape, fitted, plain
from bot.slack.tone_dial import tone_dial
from index.editing.results import Preview
from index.entry import Entry, asked_alike
from index.space.latent.results import (
    About,
    Blend,
    Comparison,
    Map,
    Models,
    Odd,
    Path,
    Shift,
    Wander,
)
from index.space.results import Answer, EntryReply, Mention, Neighbour, Neighbours
from index.text import one_line, shorten

HOPS = 5  # neighbours that have a button of their own to go there
MORE = 10  # neighbours shown when more are asked for
MORE_OF, SHARE, WHY = "more", "share", "why"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message answers: the request where there is one, and the prefix of commands.

    `shared_by` is the name of the one who shows it to the channel; without it the message is seen
    by the asker alone and can be shared, unless it is `in_thread`, where everybody sees it.
    `asked_by` is the name of the one who asked by a button, so that nobody sees the question
    otherwise. `question` is the id under which votes on the reply are taken; empty for none.
    `picture` says where the picture of a map is. An `editor`, who sees it alone, may edit entries.
    """

    request: Request | None = None
    prefix: str = ""
    shared_by: str | None = None
    in_thread: bool = False
    asked_by: str = ""
    question: str = ""
    picture: str = ""
    editor: bool = False


def message_of(reply: Reply, asked: Asked) -> Message:
    """`reply` as a message."""
    match reply:
        case Neighbours():
            blocks = _neighbours(reply, asked)
        case EntryReply():
            blocks = _entry(reply, asked)
        case Answer():
            blocks = answer_blocks(reply)
        case (
            Comparison()
            | Shift()
            | Path()
            | Wander()
            | Odd()
            | Blend()
            | Models()
            | Map()
            | About()
        ):
            blocks = [*latent_blocks(reply, asked.prefix), *_dial(reply, asked)]
            blocks += _actions(_share(asked))
            blocks += [context(asked.picture)] if asked.picture else []
            blocks.append(context(footer(reply.generation, reply.model)))
        case Problem():
            blocks = _problem(reply, asked)
        case Help():
            blocks = _help(reply)
        case NewThread() | Forgotten() | Diagnosis() | Integrity():
            blocks = [section(text_of(reply, 2_900))]
        case (
            Form()
            | Saved()
            | Conflict()
            | Removal()
            | History()
            | Suggested()
            | Review()
            | Reviews()
            | Declined()
            | Preview()
        ):
            blocks = edit_blocks(reply, asked.prefix)
        case _:
            blocks = admin_blocks(reply, asked.prefix)
    blocks = with_feedback(blocks, reply, asked.question, offer_of(reply, asked.request))
    if asked.shared_by is not None:
        blocks = [*blocks, context(f"Shared by {one_line(asked.shared_by)}")]
    text = text_of(reply, 3_500)
    if asked.asked_by and asked.request:
        question = shorten(one_line(asked.request.text), 300)
        asks = f"{one_line(asked.asked_by)} asks: "
        blocks = [heading(asks, question), *blocks]
        text = fitted(f'{asks}"{question}"', 390) + f"\n{text}"
    return Message(f"{text}\n{escape(asked.picture)}" if asked.picture else text, blocks)


def neighbour_block(neighbour: Neighbour, *, why: bool) -> Block:
    """One neighbour: its name and score, one line of definition, what matched where that was asked
    for, and Open."""
    lines = [
        f"*{neighbour.rank}  {fitted(one_line(neighbour.term), 120)}*   "
        f"{neighbour.similarity:.2f} {phrases.bar(neighbour.similarity)}  {neighbour.band}",
        fitted(one_line(neighbour.definition), 120),
    ]
    if why:
        lines.append(fitted(phrases.reason(neighbour, 80), 160))
    return section("\n".join(lines), button("Open", OPEN, neighbour.id))


def _neighbours(reply: Neighbours, asked: Asked) -> list[Block]:
    title = shorten(one_line(reply.query), 300)
    blocks = [heading("Nothing is near " if reply.sparse else "Near ", title)]
    if reply.note:
        blocks.append(section(fitted(reply.note, 600)))
    shown = reply.neighbours[:1] if reply.sparse else reply.neighbours
    blocks += [neighbour_block(neighbour, why=reply.why) for neighbour in shown]
    hops = [
        button(f"Near {neighbour.rank}", f"{NEAR}_{neighbour.rank}", neighbour.id)
        for neighbour in shown[:HOPS]
        if neighbour.match in ("meaning", "words")
    ]
    blocks += _actions([*hops, *_more(reply, asked), *_why(reply, asked), *_share(asked)])
    return [*blocks, context(footer(reply.generation, reply.model))]


def _more(reply: Neighbours, asked: Asked) -> list[Block]:
    request = asked.request
    if reply.sparse or request is None or not 1 < len(reply.neighbours) < MORE:
        return []
    line = line_of(replace(request, options={**request.options, "n": MORE}), asked.prefix)
    return [button(f"Show {MORE}", MORE_OF, line)] if len(line) <= LONGEST_VALUE else []


def _why(reply: Neighbours, asked: Asked) -> list[Block]:
    request = asked.request
    if reply.why or request is None or request.command != "near" or not reply.neighbours:
        return []
    line = line_of(replace(request, options={**request.options, "why": "yes"}), asked.prefix)
    return [button("Why?", WHY, line)] if len(line) <= LONGEST_VALUE else []


def _dial(reply: Reply, asked: Asked) -> list[Block]:
    """The tones that a prompt can be given: for the one who asked, not where others would see
    their message change."""
    if not isinstance(reply, Shift) or asked.shared_by is not None or asked.in_thread:
        return []
    return tone_dial(reply)


def _share(asked: Asked) -> list[Block]:
    if asked.request is None or asked.shared_by is not None or asked.in_thread:
        return []
    line = line_of(asked.request, asked.prefix)
    return [button("Share in channel", SHARE, line)] if len(line) <= LONGEST_VALUE else []


def _actions(elements: list[Block]) -> list[Block]:
    return [{"type": "actions", "elements": elements[:25]}] if elements else []


def _entry(reply: EntryReply, asked: Asked) -> list[Block]:
    entry = reply.entry
    blocks: list[Block] = [
        {"type": "header", "text": plain(one_line(entry.term), 150)},
        context(about(entry)),
    ]
    if reply.match == "spelling" and asked.request:
        wrote = shorten(one_line(asked.request.text), 100)
        blocks.insert(0, context(f'You wrote "{wrote}"; the nearest name is this.'))
    blocks.append(section(definitions(entry, 1_500)))
    blocks += [section(titled(part.heading, part.text, 450)) for part in entry.sections[:4]]
    if entry.example:
        blocks.append(section(titled("Example", entry.example, 450)))
    if entry.related:
        blocks.append(section(related_lines(entry, 6, 900)))
    if reply.neighbours:
        blocks.append(context(f"Nearest: {nearest_line(reply.neighbours)}"))
    answered = len(asked_alike(entry.faq))
    questions = f"{answered} question{'' if answered == 1 else 's'}"
    rest = f"Whole entry, {questions}" if answered else "Whole entry"
    buttons = [button(rest, OPEN, whole(reply)), button("What's near it?", f"{NEAR}_0", entry.id)]
    buttons += [edit_button(entry.id)] if asked.editor else []
    blocks += _actions([*buttons, *_share(asked)])
    blocks += [context(also_line(reply, asked.prefix))] if reply.also_in else []
    return [*blocks, context(footer(reply.generation, reply.model))]


def definitions(entry: Entry, limit: int) -> str:
    """The definition, or the numbered meanings, as markup."""
    if len(entry.senses) < 2:
        return fitted(entry.definition, limit)
    lines = []
    for number, sense in enumerate(entry.senses, start=1):
        told = f"{sense.definition} ({sense.context})" if sense.context else sense.definition
        lines.append(f"{number}. {one_line(told)}")
    return fitted("\n".join(lines), limit)


def titled(heading_text: str, text: str, limit: int) -> str:
    """A heading in bold over text cut to `limit` characters, as markup."""
    return f"*{fitted(one_line(heading_text), 120)}*\n{fitted(text, limit)}"


def related_lines(entry: Entry, count: int, limit: int) -> str:
    """The first related terms with their reasons, as markup."""
    lines = [f"- {one_line(item.term)}: {one_line(item.why)}" for item in entry.related[:count]]
    return f"*Related terms*\n{fitted(chr(10).join(lines), limit)}"


def _problem(reply: Problem, asked: Asked) -> list[Block]:
    text = f"*{fitted(one_line(reply.message), 1_000)}*"
    if reply.hint:
        text += f"\n{fitted(reply.hint, 1_000)}"
    blocks = [section(text)]
    if asked.request and asked.request.text:
        blocks.append(context(f'You asked: "{shorten(one_line(asked.request.text), 200)}"'))
    return [
        *blocks,
        *_actions([_suggested(item, at) for at, item in enumerate(reply.suggestions[:5])]),
    ]


def _suggested(mention: Mention, position: int) -> Block:
    return button(one_line(mention.term), f"{OPEN}_{position}", mention.id)


def _help(reply: Help) -> list[Block]:
    blocks = []
    for command in reply.commands:
        lines = [f"*{escape(command.usage)}*", escape(command.summary)]
        lines += [escape(f"{option.usage}: {option.summary}") for option in command.options]
        lines += [escape(f"For example: {example}") for example in command.examples]
        blocks.append(section("\n".join(lines)))
    return blocks


def text_of(reply: Reply, limit: int = 3_900) -> str:
    """`reply` as text for notifications, and for when Slack refuses the blocks; escaped, in at
    most `limit` characters."""
    match reply:
        case Neighbours():
            title = shorten(one_line(reply.query), 200)
            head = f'Nothing is near "{title}".' if reply.sparse else f'Near "{title}":'
            lines = [head, *([reply.note] if reply.note else [])]
            for item in reply.neighbours[: 2 if reply.sparse else None]:
                told = shorten(one_line(item.definition), 120)
                lines.append(f"{item.rank}. {one_line(item.term)} ({item.similarity:.2f}): {told}")
        case EntryReply():
            lines = [one_line(reply.entry.term), one_line(reply.entry.definition)]
            if reply.neighbours:
                lines.append(f"Nearest: {nearest_line(reply.neighbours)}")
            lines.append(also_line(reply))
        case Answer():
            lines = [
                weak_line(reply),
                reply.text,
                source_line(reply),
                decline_line(reply),
                next_line(reply),
            ]
        case Models():
            lists = [f"{item.model}: {nearest_line(item.neighbours)}" for item in reply.models]
            lines = [title_of(reply), *lists, *lines_of_explored(reply)]
        case Comparison() | Shift() | Path() | Wander() | Odd() | Blend() | Map() | About():
            lines = [title_of(reply), *lines_of_explored(reply), *table_of(reply)]
        case NewThread():
            lines = [NEW_THREAD]
        case Forgotten():
            lines = [forgotten_line(reply)]
        case Problem():
            lines = [reply.message, reply.hint]
        case Help():
            lines = [f"{command.usage}: {command.summary}" for command in reply.commands]
        case Integrity():
            lines = [f"{fault.entry_id}: {fault.what}" for fault in reply.faults]
        case Diagnosis():
            lines = [f"{check.name}: {check.message}" for check in reply.checks]
        case _:
            lines = lines_of(reply)
    return fitted("\n".join(line for line in lines if line), limit) or "…"
