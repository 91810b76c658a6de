"""Editing replies as plain lines."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.rendering.common import ago, many, moment, nearest_line, reply_lines
from bot.rendering.entry import origin_of, source_name
from bot.replies.editing import (
    Change,
    Conflict,
    Form,
    History,
    NewSuggestion,
    RemovalPreview,
    Review,
    Saved,
    SuggestionDeclined,
    SuggestionList,
)
from index.editing.draft_check import Duplicate, Preview
from index.editing.plaintext import text_of
from index.editing.validation import remove_invisible
from index.entry import Mention
from index.entry_draft import NAMES, EntryDraft, FieldName
from index.indexing.rollback import OverriddenEdit
from index.storage.db.suggestions import Suggestion
from index.text import hosts_in, one_line, shorten

SHOWN = 10
LONGEST = 160  # characters
UNSHOWN = 300  # characters of the headings that a form does not show

LABELS: dict[FieldName, str] = {
    "term": "Term",
    "aliases": "Aliases",
    "category": "Category",
    "definition": "Definition",
    "example": "Example",
    "related": "Related terms",
    "questions": "Questions",
    "owner": "Owner",
}
_DONE = {
    "added": "was added",
    "edited": "was changed",
    "removed": "was removed",
    "put back": "was reset to its source's text",
    "restored": "was restored",
    "alias": "has a new alias",
    "phrase": "has a new search phrase",
    "set aside": "was set aside",
}


@reply_lines.register
def _(reply: NewSuggestion) -> list[str]:
    return [
        f"{reply.term} was suggested to the glossary's owners, as {reply.id}.",
        "The owners decide whether it becomes an entry.",
    ]


@reply_lines.register
def _(reply: SuggestionDeclined) -> list[str]:
    return [f"The suggestion {reply.term} was declined.", *([reply.note] if reply.note else [])]


@reply_lines.register
def saved_lines(reply: Saved) -> list[str]:
    """Render a saved change, and whether it is live."""
    what = f"{reply.term} {_DONE[reply.change]}"
    changed = f" ({labels(reply.fields)})" if reply.fields and reply.change != "alias" else ""
    if reply.live:
        lines = [f"{what}{changed}. Live in {reply.generation} after {reply.seconds:g} s."]
    elif reply.trouble:
        lines = [f"{what}{changed}, but it is not live yet: {reply.trouble}"]
    else:
        lines = [f"{what}{changed}. It goes live after the running reindex."]
    if reply.returned:
        one, several = "way to ask no longer fits and is", "ways to ask no longer fit and are"
        ways = many(reply.returned, one, several)
        lines.append(f"{ways} proposed again: /near-admin ways {reply.source}")
    if reply.change == "restored":
        return [*lines, f"To choose another version: /near-admin history {reply.term}"]
    back = "bring it back" if reply.change == "removed" else "undo it"
    return [*lines, f"To {back}: /near-admin undo {reply.term}"]


@reply_lines.register
def preview_lines(reply: Preview) -> list[str]:
    """Render the preview of an entry, with suggestions to improve it before saving."""
    where = (
        f"will be in the neighbourhood {reply.neighbourhood}"
        if reply.neighbourhood
        else "will be in no neighbourhood"
    )
    lines = [f"{reply.term} {where}."]
    if reply.nearest:
        lines.append(f"Nearest: {nearest_line(reply.nearest)}")
    lines += map(duplicate_line, reply.duplicates)
    if reply.mentioned:
        named = ", ".join(item.term for item in reply.mentioned)
        lines.append(f"Terms in its text that could be related: {named}")
    if reply.missing:
        lines.append(" ".join(reply.missing))
    return lines


def duplicate_line(other: Duplicate) -> str:
    """Return the line about an entry that may be a duplicate."""
    term = one_line(other.term)
    alias = f"If both mean the same, make it an alias of {term}."
    return f"Similarity to {term}: {other.similarity:.2f}. {alias}"


def conflict_line(reply: Conflict) -> str:
    """Return the line that names the user who changed the entry in the meantime."""
    who = one_line(reply.by) or "Its source"
    did = "removed" if reply.removed else "changed"
    when = f" {ago((datetime.now(UTC) - reply.at).total_seconds())}," if reply.at else ""
    change = f"{who} {did} {one_line(reply.term)}{when} after you opened it."
    return f"{change} Your change was not applied."


def labelled_fields(fields: EntryDraft) -> list[tuple[str, str]]:
    """Return (label, text) for each non-empty field of a draft as published, and for the hosts of
    its links."""
    fields = remove_invisible(fields)
    parts = [(LABELS[name], text_of(fields, name)) for name in NAMES]
    parts.append(("Links to", ", ".join(hosts_in("\n".join(text for _, text in parts)))))
    return [(label, text) for label, text in parts if text]


def decided_line(suggestion: Suggestion) -> str:
    """Return the line that states the decision on a suggestion and the reason."""
    line = f"{suggestion.state.capitalize()} by {one_line(suggestion.reviewer)}."
    reason = one_line(suggestion.note)
    return f"{line} The reason: {reason}" if reason else line


def set_aside_lines(aside: Iterable[OverriddenEdit]) -> list[str]:
    """Render the edits that a rollback set aside, with the commands to restore them."""
    aside = list(aside)
    if not aside:
        return []
    lines = [f"{many(len(aside), 'later edit no longer applies', 'later edits no longer apply')}:"]
    lines += [
        f"{item.term}: {item.change} by {item.by}, {moment(item.at)} · to apply it again: "
        f"/near-admin history {item.term} restore={item.number}"
        for item in aside[:SHOWN]
    ]
    left = len(aside) - SHOWN
    return [*lines, f"and {left:,} more"] if left > 0 else lines


def fields_lines(fields: EntryDraft, names: Iterable[FieldName] = NAMES) -> list[str]:
    """Return one line for each non-empty field of a form."""
    texts = ((LABELS[name], one_line(text_of(fields, name))) for name in names)
    return [f"{label}: {shorten(text, LONGEST)}" for label, text in texts if text]


def labels(names: Iterable[FieldName]) -> str:
    """Return the labels of fields in lower case, separated by commas."""
    return ", ".join(LABELS[name].casefold() for name in names)


def unshown_line(form: Form) -> str:
    """Say which sections of an entry a form does not show, and where to change them."""
    headings = shorten(", ".join(map(one_line, form.unshown)), UNSHOWN)
    return (
        f"Sections that are not in the form stay as they are: {headings}. "
        f"To change them, edit the files of {source_name(form.source)} and reindex."
    )


@reply_lines.register
def _form(reply: Form) -> list[str]:
    term = reply.fields.term
    if not reply.entry:
        lines = [
            f"There is no entry {term} yet.",
            f"To write it: /near-admin add {term} = DEFINITION",
        ]
    else:
        edited = ", edited in Nearsay" if reply.edited else ""
        lines = [f"{term}, {origin_of(reply.source)}{edited}", *fields_lines(reply.fields)[1:]]
        lines.append(f"To change the definition: /near-admin edit {term} = DEFINITION")
        lines += [unshown_line(reply)] if reply.unshown else []
    if reply.draft is not None:
        lines.append(f"You have an unsaved draft of it, from {moment(reply.draft.at)}.")
    return lines


@reply_lines.register
def _conflict(reply: Conflict) -> list[str]:
    lines = [conflict_line(reply)]
    for item in reply.differences:
        lines += [
            f"{LABELS[item.field]}, theirs: {shorten(one_line(item.theirs), LONGEST) or 'nothing'}",
            f"{LABELS[item.field]}, yours: {shorten(one_line(item.yours), LONGEST) or 'nothing'}",
        ]
    return [*lines, f"Your version is kept as a draft. To use it: /near-admin edit {reply.term}"]


@reply_lines.register
def _removal(reply: RemovalPreview) -> list[str]:
    passages = many(reply.passages, "passage")
    lines = [
        f"{reply.term}, {origin_of(reply.source)}, would be removed ({passages}).",
        shorten(one_line(reply.definition), LONGEST),
    ]
    if reply.referring:
        lines.append(f"Entries that list it as related: {_named(reply.referring)}")
    return [*lines, f"Nothing was changed. To remove it: /near-admin remove {reply.term} --yes"]


@reply_lines.register
def _history(reply: History) -> list[str]:
    of = {
        "written": "was written in Nearsay",
        "edited": f"comes from {source_name(reply.source)} and was edited in Nearsay",
        "removed": "was removed",
        "imported": f"comes from {source_name(reply.source)}",
    }[reply.state]
    lines = [f"{reply.term} {of}."]
    if reply.outdated:
        newer = f"There is a newer text in {source_name(reply.source)}."
        lines.append(f"{newer} To use it: /near-admin history {reply.term} restore=0")
    if reply.gone:
        lines.append(f"It is no longer in {source_name(reply.source)}; only the edit keeps it.")
    if not reply.changes:
        return [*lines, "It has not been changed in Nearsay."]
    lines += [_change(change) for change in reply.changes[:SHOWN]]
    left = len(reply.changes) - SHOWN
    lines += [f"and {left:,} earlier changes"] if left > 0 else []
    return [*lines, f"To restore one: /near-admin history {reply.term} restore=NUMBER"]


def _change(change: Change) -> str:
    what = f"{change.change} ({labels(change.fields)})" if change.fields else change.change
    line = f"{change.number}: {moment(change.at)} · {change.by} · {what}"
    return f"{line} · {shorten(one_line(change.definition), 80)}" if change.definition else line


@reply_lines.register
def _review(reply: Review) -> list[str]:
    suggestion = reply.suggestion
    lines = [one_line(_suggested_by(suggestion))]
    for label, text in labelled_fields(suggestion.fields):
        lines += f"{label}: {text}".replace("\n", "\n  ").split("\n")
    lines += map(one_line, preview_lines(reply.preview) if reply.preview else ())
    if suggestion.state != "open":
        return [*lines, decided_line(suggestion)]
    return [
        *lines,
        "Nothing is approved yet. To approve this version:",
        one_line(f"/near-admin approve {suggestion.id} digest={reply.digest}"),
    ]


def _suggested_by(suggestion: Suggestion) -> str:
    who = suggestion.name or suggestion.person or "somebody"
    return f"{suggestion.id}: {suggestion.fields.term}, suggested by {who} {moment(suggestion.at)}"


@reply_lines.register
def _reviews(reply: SuggestionList) -> list[str]:
    if not reply.suggestions:
        return ["No suggestions are waiting."]
    lines = [f"{many(reply.waiting, 'suggestion waits', 'suggestions wait')} for a decision."]
    for suggestion in reply.suggestions[:SHOWN]:
        lines.append(_suggested_by(suggestion))
        lines += fields_lines(suggestion.fields, ("definition", "aliases", "example"))
    first = reply.suggestions[0].id
    return [*lines, f"To decide: /near-admin approve {first} · /near-admin decline {first} REASON"]


def _named(mentions: Iterable[Mention]) -> str:
    terms = [item.term for item in mentions]
    left = len(terms) - SHOWN
    return ", ".join(terms[:SHOWN]) + (f" and {left:,} more" if left > 0 else "")
