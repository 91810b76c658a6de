"""Renders replies as Block Kit, with a plain text version.

`blocks_of` dispatches on the type of the reply; a type without a renderer is shown as text. Slack's
limits: 50 blocks per message, 3,000 characters per section, 150 per header, 75 per button, 2,000
per button value, 25 buttons per row. The text of a message stays below 13,000 characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from math import ceil
from typing import get_args

from bot.commands.parser import line_of
from bot.commands.spec import Request
from bot.rendering.admin import lines_of, prefixed
from bot.rendering.clauses import MAX_SHARE, first_clauses, first_sentences
from bot.rendering.common import hit_line, reason, title_of, usage_of, why_footer
from bot.rendering.entry import (
    EXAMPLE,
    RELATED,
    about_line,
    also_line,
    definition_of,
    has_more,
    team_line,
)
from bot.replies.base import AdminReply, EditingReply, Help, Problem, Reply
from bot.slack.blocks.admin import admin_blocks
from bot.slack.blocks.answer import NEAR, OPEN, answer_blocks, open_button
from bot.slack.blocks.editing import edit_blocks
from bot.slack.blocks.elements import (
    LONGEST_OPTION,
    LONGEST_SECTION,
    Block,
    Message,
    actions,
    button,
    context,
    header,
    heading,
    menu,
    request_value,
    section,
)
from bot.slack.blocks.entry import edit_button, entry_value, whole_entry_blocks
from bot.slack.blocks.explore import latent_blocks, tone_menu
from bot.slack.blocks.feedback import feedback_blocks
from bot.slack.blocks.learning import ASKED, QUOTED, marked
from bot.slack.blocks.lists import explanation_blocks
from bot.slack.blocks.mrkdwn import escape, pack, truncate
from index.entry import Entry
from index.search.explore.explorations import Explored, Shift
from index.search.results import Answer, EntryReply, Explanation, Neighbour, Neighbours
from index.text import one_line, paragraphs, shorten

LINE = 45  # characters that fit on a line on a phone
TERM = 24  # characters of a hit's term beside its rank, similarity and bar
SUMMARY = 72  # characters of a hit's definition, about a line and a half
# Characters of a definition, a section, and the reason of a related term.
DEFINITION, SECTION, REASON = 450, 260, 70
LONGEST_HEADING = 120  # characters
MORE = 10  # neighbours after "Show 10"
OPENED = 4  # entries in the menu if it also has "Show 10"
SUGGESTIONS = 3  # entries suggested for a misspelt name
MORE_OF, SHARE, WHY = "more", "share", "why"


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The context in which a reply is shown.

    `shared_by` is the name of the user who shares the reply with the channel. If None, only the
    user sees the reply and can share it, unless the reply is `in_thread` or `in_modal`. `asked_by`
    is the name of a user who asked with a button; the reply then starts with the question.
    `question` is the id that votes refer to, or "" if voting is off. `picture` is a notice of where
    a map's picture was sent. `editor` is true if the user may edit entries and nobody else sees the
    reply. If the request is `quoted` from a message of another user, the buttons are marked so that
    requests by them are too; else, if the bot `learns`, they are marked with the question.
    `explained` refers to the message that is explained (`payloads.message_ref`), if there is one.
    """

    request: Request | None = None
    prefix: str = ""
    shared_by: str | None = None
    in_thread: bool = False
    in_modal: bool = False
    asked_by: str = ""
    question: str = ""
    picture: str = ""
    editor: bool = False
    learns: bool = False
    quoted: bool = False
    explained: str = ""


def message_of(reply: Reply, asked: RequestContext) -> Message:
    blocks = blocks_of(reply, asked)
    text = text_of(reply, 3_500, prefix=asked.prefix)
    if asked.quoted:
        blocks = marked(blocks, QUOTED)
    elif asked.learns and asked.question:
        blocks = marked(blocks, f"{ASKED}_{asked.question}")
    blocks += feedback_blocks(reply, asked.request, asked.question, in_modal=asked.in_modal)
    if asked.shared_by is not None:
        blocks.append(context(f"Shared by {one_line(asked.shared_by)}"))
    if asked.asked_by and asked.request:
        question = shorten(one_line(asked.request.text), 300)
        asks = f"{one_line(asked.asked_by)} asks: "
        blocks.insert(0, heading(asks, question))
        text = truncate(f'{asks}"{question}"', 390) + f"\n{text}"
    return Message(f"{text}\n{escape(asked.picture)}" if asked.picture else text, blocks)


@singledispatch
def blocks_of(reply: Reply, asked: RequestContext) -> list[Block]:
    """Render the content of a reply and its buttons."""
    return [section(text_of(reply, 2_900, asked.prefix))]


@blocks_of.register
def _(reply: Answer, _asked: RequestContext) -> list[Block]:
    return answer_blocks(reply)


@blocks_of.register
def _(reply: Neighbours, asked: RequestContext) -> list[Block]:
    if reply.sparse:
        return [section("\n".join(truncate(line, 600) for line in (title_of(reply), reply.note)))]
    lines = [truncate(reply.note, 600)] if reply.note else []
    for neighbour in reply.neighbours:
        lines += neighbour_lines(neighbour, why=reply.why)
    within = shorten(f" in {one_line(reply.within)}", 30) if reply.within else ""
    query = shorten(one_line(reply.query), 60 - len(within))
    blocks = [heading("Near ", query, within), *_sections(lines)]
    blocks += actions(_neighbour_buttons(reply, asked))
    return [*blocks, context(why_footer(reply))] if reply.why else blocks


def neighbour_lines(neighbour: Neighbour, *, why: bool) -> list[str]:
    term, number = hit_line(neighbour, TERM)
    lines = [f"{neighbour.rank}. *{truncate(term, 200)}*  {number}"]
    definition = one_line(neighbour.definition)
    lines.append(truncate(definition if why else first_clauses(definition, SUMMARY), 300))
    return [*lines, truncate(reason(neighbour, 80), 160)] if why else lines


def _sections(lines: Sequence[str]) -> list[Block]:
    return [section(text) for text in pack(lines, LONGEST_SECTION)]


def _neighbour_buttons(reply: Neighbours, asked: RequestContext) -> list[Block]:
    if not reply.neighbours:
        return []
    first, *others = reply.neighbours
    options = [(f"Open {one_line(one.term)}", one.id) for one in others]
    if 1 < len(reply.neighbours) < MORE and asked.request:
        more = replace(asked.request, options={**asked.request.options, "n": MORE})
        value = request_value(more)
        if len(value) > LONGEST_OPTION:  # a command line is shorter
            value = line_of(more, asked.prefix)
        options = [*options[:OPENED], (f"Show {MORE}", value)]
    return [
        open_button(first.id, first.term),
        *_why(reply, asked),
        *_share(asked),
        *menu(options),
    ]


def _why(reply: Neighbours, asked: RequestContext) -> list[Block]:
    request = asked.request
    if reply.why or request is None or request.command != "near":
        return []
    why = replace(request, options={**request.options, "why": "yes"})
    return [button("Why?", WHY, why)]


def _share(asked: RequestContext) -> list[Block]:
    if asked.request is None or asked.shared_by is not None or asked.in_thread:
        return []
    return [button("Share in channel", SHARE, asked.request)]


@blocks_of.register
def _(reply: EntryReply, asked: RequestContext) -> list[Block]:
    entry = reply.entry
    blocks = [header(entry.term)]
    if reply.note:
        blocks.append(context(reply.note))
    if reply.whole:
        return [*blocks, *whole_entry_blocks(reply, asked.prefix, _share(asked))]
    if summary := about_line(entry, brief=True):
        blocks.append(context(shorten(summary, 2 * LINE)))
    if team := team_line(entry):
        blocks.append(context(team))
    blocks.append(section(truncate(definition_of(entry), DEFINITION)))
    if entry.sections:
        first = entry.sections[0]
        text = first.text if reply.section else paragraphs(first.text)[0]
        limit = LONGEST_SECTION - 200 if reply.section else SECTION  # room for the heading
        blocks.append(section(titled(first.heading, text, limit)))
    if entry.example:
        blocks.append(section(titled("Example", entry.example, EXAMPLE)))
    if entry.related:
        blocks.append(section(related_lines(entry)))
    buttons = [
        *([button("Whole entry", OPEN, entry_value(reply))] if _is_cut(entry) else []),
        button("What's near it?", f"{NEAR}_0", entry.id),
        *([edit_button(entry.id)] if asked.editor else []),
        *_share(asked),
    ]
    blocks += actions(buttons)
    return [*blocks, context(also_line(reply, asked.prefix))] if reply.also_in else blocks


def titled(heading_text: str, text: str, limit: int) -> str:
    longest = min(ceil(limit * MAX_SHARE), LONGEST_SECTION - LONGEST_HEADING)
    shown = truncate(first_sentences(text, limit), longest)
    closing = "\n```" if shown.count("```") % 2 else ""  # of a code block that was cut
    return f"*{truncate(one_line(heading_text), LONGEST_HEADING)}*\n{shown}{closing}"


def _is_cut(entry: Entry) -> bool:
    """Return whether the whole entry has more text than the reply to `/define`."""
    texts = (definition_of(entry)[DEFINITION:], about_line(entry, brief=True)[2 * LINE :])
    return has_more(entry) or any((*texts, *(item.why[REASON:] for item in entry.related)))


def related_lines(entry: Entry) -> str:
    lines = ["*Related terms*"]
    bare = []
    for item in entry.related[:RELATED]:
        term = truncate(one_line(item.term), LINE)
        if item.why:
            why = truncate(first_clauses(item.why, REASON), ceil(REASON * MAX_SHARE))
            lines.append(f"{term}: {why}")
        else:
            bare.append(term)
    lines += [", ".join(bare)] if bare else []
    return "\n- ".join(lines)


@blocks_of.register
def _(reply: Explored, asked: RequestContext) -> list[Block]:
    blocks = latent_blocks(reply, _share(asked))
    is_ephemeral = asked.shared_by is None and not (asked.in_thread or asked.in_modal)
    if isinstance(reply, Shift) and is_ephemeral:
        blocks += tone_menu(reply)  # only in ephemeral replies, since it replaces the message
    return [*blocks, context(asked.picture)] if asked.picture else blocks


@blocks_of.register
def _(reply: Explanation, asked: RequestContext) -> list[Block]:
    return explanation_blocks(reply, asked.explained)


@blocks_of.register
def _(reply: Problem, asked: RequestContext) -> list[Block]:
    text = f"*{truncate(one_line(reply.message), 1_000)}*"
    if reply.hint:
        text += f"\n{truncate(prefixed(reply.hint, asked.prefix), 1_000)}"
    opened = [
        button(one_line(mention.term), f"{OPEN}_{at}", mention.id)
        for at, mention in enumerate(reply.suggestions[:SUGGESTIONS])
    ]
    return [section(text), *actions(opened)]


@blocks_of.register
def _(reply: Help, _asked: RequestContext) -> list[Block]:
    lines = []
    for command in reply.commands:
        if len(reply.commands) > 1:
            lines.append(f"*{escape(usage_of(command))}*: {escape(command.summary)}")
            continue
        lines += [f"*{escape(command.usage)}*", escape(command.summary)]
        lines += [escape(f"{option.usage}: {option.summary}") for option in command.options]
        if command.examples:
            lines += ["For example:", *map(escape, command.examples)]
    return _sections([*lines, *([escape(reply.hint)] if reply.hint else [])])


@blocks_of.register
def _(reply: AdminReply, asked: RequestContext) -> list[Block]:
    if isinstance(reply, get_args(EditingReply)):
        return edit_blocks(reply, asked.prefix)
    return admin_blocks(reply, asked.prefix)


def text_of(reply: Reply, limit: int = 3_900, prefix: str = "") -> str:
    """Render a reply as escaped text of at most `limit` characters, shown instead of blocks."""
    return truncate("\n".join(line for line in lines_of(reply, prefix) if line), limit) or "…"
