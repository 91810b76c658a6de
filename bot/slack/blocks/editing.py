"""Blocks for the replies to editing commands, with buttons such as "Undo"."""

from bot.commands.spec import Request
from bot.rendering.admin import lines_of
from bot.rendering.common import footer
from bot.replies.base import EditingReply
from bot.replies.editing import (
    History,
    NewSuggestion,
    RemovalPreview,
    Review,
    Saved,
    SuggestionList,
)
from bot.slack.blocks.elements import (
    Block,
    actions,
    button,
    context,
    section,
    titled_section,
    with_confirmation,
)
from bot.slack.blocks.mrkdwn import truncate
from bot.slack.blocks.review import EDIT_SUGGESTION, review_message
from index.storage.db.suggestions import Suggestion
from index.text import one_line, shorten

RUN = "run_line"  # its value is the request to run
MOST_CHANGES = 20  # latest changes shown; all but the newest have a "Restore" button


def edit_blocks(reply: EditingReply, prefix: str) -> list[Block]:
    if isinstance(reply, Review):
        return list(review_message(reply.suggestion, reply.preview).blocks)
    first, *others = lines_of(reply, prefix)
    # Each suggestion has its own section.
    blocks = [titled_section(first, () if isinstance(reply, SuggestionList) else others)]
    match reply:
        case Saved():
            undo = Request("near-admin", one_line(reply.entry), {"change": reply.number}, "undo")
            blocks += actions([button("Undo", f"{RUN}_undo", undo)])
        case RemovalPreview():
            blocks += actions([_remove_button(reply)])
        case History():
            restores = []
            if reply.outdated:
                restore = Request("near-admin", one_line(reply.entry), {"restore": 0}, "history")
                restores.append(button("Use the newer text", f"{RUN}_source", restore))
            for at, change in enumerate(reply.changes[1:MOST_CHANGES]):
                options = {"restore": change.number}
                restore = Request("near-admin", one_line(reply.entry), options, "history")
                restores.append(button(f"Restore {change.number}", f"{RUN}_{at}", restore))
            blocks += actions(restores)
        case SuggestionList():
            blocks += [_waiting(item, at) for at, item in enumerate(reply.suggestions)]
    if reply.generation and not isinstance(reply, NewSuggestion):
        blocks.append(context(footer(reply)))
    return blocks


def _remove_button(removal: RemovalPreview) -> Block:
    remove = Request("near-admin", one_line(removal.entry), {"yes": "yes"}, verb="remove")
    term = shorten(one_line(removal.term), 60)
    return with_confirmation(
        button("Remove it", f"{RUN}_remove", remove),
        f"Remove {term}?",
        "Users will no longer find this entry. You can undo this.",
        "Remove",
    )


def _waiting(suggestion: Suggestion, at: int) -> Block:
    term = truncate(one_line(suggestion.fields.term), 120)
    by = truncate(one_line(suggestion.name or suggestion.person or "somebody"), 100)
    definition = truncate(one_line(suggestion.fields.definition), 200)
    return section(
        f"*{term}*, suggested by {by}\n{definition}",
        button("Review", f"{EDIT_SUGGESTION}_{at}", one_line(suggestion.id) or "…"),
    )
