"""Saves previewed entries, submits and decides on suggestions, and reports the outcome."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.admin.entry_commands import EditingServices
from bot.identity import User
from bot.rendering.admin import lines_of, prefixed
from bot.rendering.editing import conflict_line
from bot.replies.base import Problem, Reply
from bot.replies.editing import Conflict, Saved
from bot.slack.handlers.drafts import DraftStore
from bot.slack.handlers.editing import EditingHandler
from bot.slack.views.entry_form import form_state_in
from bot.slack.views.form_state import FormState
from bot.slack.views.modal import View
from bot.slack.views.preview import conflict_view, message_view, related_in, working_view
from index.editing.validation import normalize, remove_invisible
from index.entry import Related
from index.entry_draft import EntryDraft, FieldName, changed_fields, digest_of, draft_of
from index.progress import Progress
from index.storage import Store
from index.storage.db.edit import version_of

NOT_KEPT = (
    "This preview is out of date: the form has already been saved, or changed in another window. "
    "Go back and preview it again."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The view to show after an action.

    `notice` is sent as a direct message if the view cannot be shown. It is empty if another message
    reports the outcome.
    """

    view: View
    notice: str = ""


@dataclass(frozen=True, eq=False)
class SaveEntryHandler:
    """Handles submitted previews and reviews; raises `NearsayError`. Thread-safe."""

    editing: EditingServices
    store: Store
    drafts: DraftStore
    live: EditingHandler
    prefix: str = ""

    def save(self, given: View, actor: User) -> Outcome:
        """Save, suggest or approve the entry in a preview or conflict view, as its mode says."""
        purpose = form_state_in(given)
        fields = self.drafts.get(actor.id, purpose)
        if fields is None or digest_of(fields) != purpose.typed:
            return failure_outcome(NOT_KEPT)
        ticked = (Related(term, "") for term in related_in(given))
        fields = replace(fields, related=(*fields.related, *ticked))
        match purpose.mode:
            case "suggest":
                return self._suggested(purpose, fields, actor)
            case "write":
                return self._saved(
                    purpose,
                    actor,
                    lambda progress: self.editing.entries.save(
                        fields, purpose.version, actor, progress, purpose.entry
                    ),
                )
            case "review":
                return self.approve(purpose, actor, remove_invisible(fields))

    def approve(self, purpose: FormState, actor: User, fields: EntryDraft | None = None) -> Outcome:
        """Approve a suggestion with `fields`, or else as reviewed if it has not changed since."""
        digest = digest_of(fields) if fields else purpose.typed
        return self._saved(
            purpose,
            actor,
            lambda progress: self.editing.suggestions.approve(
                purpose.suggestion, digest, actor, progress, fields
            ),
        )

    def make_alias(self, purpose: FormState, entry: str, actor: User) -> Outcome:
        """Add the previewed term as an alias of `entry`, instead of saving a new entry."""
        fields = self.drafts.get(actor.id, purpose)
        if fields is None:
            return failure_outcome(NOT_KEPT)
        return self._saved(
            purpose,
            actor,
            lambda progress: self.editing.entries.alias(fields.term, entry, actor, progress),
        )

    def decline(self, suggestion: str, reason: str, actor: User) -> Outcome:
        reply = self.editing.suggestions.decline(suggestion, reason, actor)
        if isinstance(reply, Problem):
            self.live.reviews.refresh(suggestion)
            return self.failure(reply)
        self.live.reviews.report_decision(suggestion)
        text = "The suggestion is declined, and its author has been notified."
        return Outcome(working_view("Declined", text))

    def failure(self, problem: Problem) -> Outcome:
        return failure_outcome(prefixed(problem.text, self.prefix))

    def _suggested(self, purpose: FormState, fields: EntryDraft, actor: User) -> Outcome:
        reply = self.editing.suggestions.suggest(fields, actor)
        if isinstance(reply, Problem):
            return self.failure(reply)
        self.drafts.discard(actor.id, purpose.draft)
        text = (
            f'Your suggestion "{reply.term}" was sent to the glossary\'s owners. You will get '
            "their decision as a direct message."
        )
        return Outcome(working_view("Sent", text))

    def _saved(self, purpose: FormState, actor: User, do: Callable[[Progress], Reply]) -> Outcome:
        reply = self.live.run_recorded(actor, do)
        match reply:
            case Saved():
                self.drafts.discard(actor.id, purpose.draft)
                return Outcome(working_view("Saved", "\n".join(lines_of(reply, self.prefix))))
            case Conflict():
                return self._conflict(purpose, reply, actor)
            case Problem():
                self.live.reviews.refresh(purpose.suggestion)
                return self.failure(reply)
            case _:
                raise TypeError(f"unexpected reply to a save: {reply.kind}")

    def _conflict(self, purpose: FormState, conflict: Conflict, actor: User) -> Outcome:
        """Build the conflict view. Fields changed only by the other user keep that user's text."""
        theirs, yours = conflict.theirs, conflict.yours
        base = self._opened_on(conflict.entry, purpose.version)
        stays: list[FieldName] = []
        if base is not None and not conflict.removed:
            stays = [
                name
                for name in changed_fields(theirs, base)
                if name not in changed_fields(base, yours)
            ]
            yours = replace(yours, **{name: getattr(theirs, name) for name in stays})
        shown = [item for item in conflict.differences if item.field not in stays]
        on_top = replace(purpose, version=conflict.version, typed=digest_of(yours))
        self.drafts.keep(actor.id, on_top, yours)
        text = f"{conflict_line(conflict)} Your version is kept as a draft."
        found = replace(conflict, differences=tuple(shown))
        return Outcome(conflict_view(found, on_top, stays), text)

    def _opened_on(self, entry: str, version: str) -> EntryDraft | None:
        """Return an entry's fields at a version, or None if that version is no longer stored."""
        edits = self.store.ledger.edits
        states = [record.content for record in edits.history(entry) if record.version == version]
        edit = edits.get(entry)
        if edit is not None and edit.imported is not None and version_of(edit.imported) == version:
            states.append(edit.imported)
        return normalize(draft_of(states[-1])) if states else None


def failure_outcome(text: str) -> Outcome:
    return Outcome(message_view("Not saved", text), text)
