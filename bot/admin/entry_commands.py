"""The editing verbs of `/near-admin`, such as `/near-admin add TERM = DEFINITION`."""

import re
from dataclasses import replace

from bot.admin.audit import AuditTrail
from bot.admin.drafts import EntryForms
from bot.admin.entries import EntryWriter
from bot.admin.entry_history import EntryHistory
from bot.admin.suggestions import SuggestionService
from bot.admin.way_learning import WayLearner
from bot.admin.way_requests import WayRequests
from bot.admin.way_reviews import WayReviews
from bot.commands.admin_catalog import EDITING_VERBS
from bot.commands.spec import Request
from bot.identity import User
from bot.indexing import Indexer
from bot.replies.base import AdminReply, Problem
from index.editing.draft_check import Preview
from index.editing.validation import normalize
from index.entry import Mention
from index.entry_draft import EntryDraft
from index.progress import Progress

NAMES = frozenset(verb.name for verb in EDITING_VERBS)
_EQUALS = re.compile(r"(?<=\s)=(?=\s)")  # between a term and its definition


class EditingServices:
    """The services that edit the entries of one index. Thread-safe."""

    def __init__(self, indexer: Indexer, audit: AuditTrail) -> None:
        self.forms = EntryForms(indexer, audit)
        self.entries = EntryWriter(indexer, audit)
        self.history = EntryHistory(indexer, audit)
        self.suggestions = SuggestionService(indexer, audit, self.forms)
        self.ways = WayReviews(indexer, audit)
        self.way_requests = WayRequests(indexer, audit, self.ways)
        self.learner = WayLearner(indexer)


def edit(
    editing: EditingServices, request: Request, actor: User, progress: Progress
) -> AdminReply | Problem:
    """Return the reply to an editing command. The services check permissions.

    A command whose delivery was run before a restart is not run again: its change is published.
    """
    if request.verb != "ways" and (resumed := editing.entries.resume(actor, progress)):
        return resumed
    term, definition = split_definition(request.text)
    yes = "yes" in request.options
    match request.verb:
        case "add" if definition:
            return _add(editing, term, definition, actor, progress, yes=yes)
        case "add":
            return editing.forms.blank(term, actor)
        case "edit" if definition:
            return _edit(editing, term, definition, actor, progress)
        case "edit":
            return editing.forms.form(term, actor)
        case "remove":
            return editing.entries.remove(request.text, actor, progress, yes=yes)
        case "undo":
            only = int(request.options.get("change", 0))
            return editing.history.undo(request.text, actor, progress, only=only)
        case "phrase":
            return editing.entries.phrase(term, definition, actor, progress)
        case "history" if "restore" in request.options:
            number = int(request.options["restore"])
            return editing.history.restore(request.text, number, actor, progress)
        case "history":
            return editing.history.changes(request.text, actor)
        case "ways":
            accept, refuse = (str(request.options.get(key, "")) for key in ("accept", "refuse"))
            return editing.ways.answer(request.text, accept, refuse, actor, progress)
        case "suggestions":
            return editing.suggestions.waiting(actor)
        case "approve":
            suggestion, digest = request.text.casefold(), str(request.options.get("digest", ""))
            if not digest:
                return editing.suggestions.review(suggestion, actor)
            return editing.suggestions.approve(suggestion, digest, actor, progress)
        case "decline":
            suggestion, _, note = request.text.partition(" ")
            return editing.suggestions.decline(suggestion.casefold(), note.strip(), actor)
        case _:
            raise ValueError(f"no code for the verb {request.verb}")


def split_definition(text: str) -> tuple[str, str]:
    """Split a text into a term and a definition, at the first equals sign between spaces.

    "E=mc²" is not split. Without a sign between spaces, the definition is empty.
    """
    before, *behind = _EQUALS.split(text, maxsplit=1)
    return before.strip(), "".join(behind).strip()


def _add(
    editing: EditingServices,
    term: str,
    definition: str,
    actor: User,
    progress: Progress,
    *,
    yes: bool,
) -> AdminReply | Problem:
    fields = EntryDraft(term=term, definition=definition)
    if actor.admin and not yes:
        seen = editing.forms.preview(fields)
        if isinstance(seen, Preview) and seen.duplicates:
            return _duplicate(normalize(fields), seen)
    return editing.entries.save(fields, "", actor, progress)


def _edit(
    editing: EditingServices, term: str, definition: str, actor: User, progress: Progress
) -> AdminReply | Problem:
    form = editing.forms.form(term, actor)
    if isinstance(form, Problem):
        return form
    if form.meanings > 1:
        return Problem(
            code="several_meanings",
            message=f"{form.fields.term} has {form.meanings} meanings, and one text was given.",
            hint="Change them in its source. In Slack, a form changes the first one: "
            f"/near-admin edit {form.fields.term}",
        )
    fields = replace(form.fields, definition=definition)
    return editing.entries.save(fields, form.version, actor, progress, entry=form.entry)


def _duplicate(fields: EntryDraft, seen: Preview) -> Problem:
    closest = seen.duplicates[0]
    return Problem(
        code="duplicate",
        message=f"{fields.term} may be a duplicate of {closest.term} (similarity "
        f"{closest.similarity:.2f}); nothing was saved.",
        hint=f"To make it an alias: /near-admin edit {closest.term}\n"
        f"To add it anyway: /near-admin add {fields.term} = … --yes",
        suggestions=tuple(
            Mention(found.id, found.term, found.category, found.similarity)
            for found in seen.duplicates
        ),
    )
