"""A published suggestion is identical to the text shown to its approver."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.admin.admin_service import AdminService
from bot.admin.drafts import LONGEST
from bot.admin.entry_commands import EditingServices, edit
from bot.identity import User
from bot.indexing import Indexer
from bot.rendering.admin import lines_of
from bot.replies.base import Problem
from bot.replies.editing import NewSuggestion, Review, Saved
from bot.slack.blocks.elements import REQUEST_JSON, Block
from bot.slack.blocks.review import review_message
from bot.slack.views.entry_form import form_state_in
from bot.slack.views.form_state import FormState
from bot.slack.views.preview import preview_view, review_view
from index.editing.plaintext import parse_draft, text_of
from index.editing.validation import remove_invisible
from index.entry import Entry, Question, Related, group_rewordings
from index.entry_draft import NAMES, EntryDraft, FieldName, draft_of
from index.progress import no_progress
from index.storage import Store
from tests.fake_slack.blockkit_rules import check_message, check_view
from tests.support.editing import build_nothing
from tests.support.toy import ToyEmbedder
from tests.unit.bot.slack import WORST, buttons, dangers, labels
from tests.unit.bot.slack.samples import preview

ADA = User("U1", admin=True, name="ada")
CLEO = User("U3", name="cleo")
NUMBERS = count(1)

# Awkward text: markup, invisible characters, joiners, line breaks, links.
PIECES = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="a1é \n\u200d\u200c\ufe0f\ufe01\u3164\u202e*_~`<>&:\\A:Q", max_size=30),
    st.sampled_from(["see https://evil.test/a?b ", "[here](https://bücher.test) ", "Q: x\nA: y\n"]),
)


def texts(longest: int) -> st.SearchStrategy[str]:
    """Build texts of up to `longest` characters."""
    often = st.one_of(st.just(1), st.integers(1, 1 + longest // 10))
    return st.builds(lambda piece, times: (piece * times)[:longest], PIECES, often)


def fields_with(name: int, text: int, parts: int) -> st.SearchStrategy[EntryDraft]:
    def several(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(strategy, max_size=parts).map(tuple)

    unique = st.builds(lambda rest: f"T{next(NUMBERS)} {rest}", texts(name))
    asked, replied = texts(name).map("W{}".format), texts(text).map("B{}".format)
    return st.builds(
        EntryDraft,
        term=unique,
        aliases=several(unique),
        category=texts(name),
        definition=texts(text).map("D{}".format),
        example=texts(text),
        related=several(st.builds(Related, texts(name).map("R{}".format), texts(text))),
        questions=several(st.builds(Question, asked, replied, reworded=st.booleans())),
    )


@dataclass
class Glossary:
    editing: EditingServices
    store: Store

    def review(self, fields: EntryDraft) -> Review:
        """Review a suggestion as it could have been stored by an older version."""
        now = datetime.now(UTC)
        made = self.store.ledger.suggestions.add(fields, CLEO.id, CLEO.name, now)
        return self.editing.suggestions.build_review(made.id)

    def published(self, saved: Saved) -> Entry:
        edit = self.store.ledger.edits.get(saved.entry)
        assert edit is not None
        return edit.content


@pytest.fixture(scope="module")
def glossary(
    harbour_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Glossary]:
    """Provide the harbour store; approvals are stored in the ledger without an index build."""
    data = tmp_path_factory.mktemp("approving") / "data"
    shutil.copytree(harbour_directory, data)
    store = Store(data)
    with pytest.MonkeyPatch.context() as patch:
        build_nothing(patch)
        yield Glossary(AdminService(Indexer(store, ToyEmbedder())).editing, store)
    store.close()


def visible_text(blocks: list[Block]) -> str:
    """Return the text in plain-text sections, which Slack never collapses."""
    sections = [block for block in blocks if block["type"] == "section"]
    plain = [block for block in sections if block["text"]["type"] == "plain_text"]
    assert all(block["expand"] and not block["text"]["emoji"] for block in plain)
    return "".join(block["text"]["text"] for block in plain)


def authored_text(entry: Entry) -> str:
    """Return the author's text of an entry, in the order of the fields."""
    parts = [entry.term, *entry.aliases, entry.category, entry.definition, entry.example]
    parts += [part for item in entry.related for part in (item.term, item.why)]
    for alike in group_rewordings(entry.faq):
        parts += [*(item.question for item in alike), alike[0].answer]
    return "".join(parts)


def is_within(text: str, shown: str) -> bool:
    """Whether all characters of `text` occur in `shown` in the same order."""
    rest = iter(shown)
    return all(character in rest for character in text)


def approve(glossary: Glossary, review: Review) -> tuple[str, Saved | Problem]:
    """Press "Approve"; return the text shown before it, and the reply."""
    message = review_message(review.suggestion, review.preview)
    assert list(check_message(list(message.blocks))) == []
    assert dangers(message.blocks) == []
    if "Approve" in labels(message.blocks):
        (button,) = [item for item in buttons(message.blocks) if item["value"].startswith("{")]
        request = REQUEST_JSON.validate_json(button["value"])
        reply = edit(glossary.editing, request, ADA, no_progress)
        assert isinstance(reply, Saved | Problem)
        return visible_text(list(message.blocks)), reply
    assert labels(message.blocks) == ["Review all", "Edit", "Decline"]
    shown, page = "", 1
    while True:
        view = review_view(review.suggestion, page)
        assert list(check_view(view)) == []
        assert dangers(view) == []
        shown += visible_text(view["blocks"])
        ways = {item["text"]["text"]: item["value"] for item in buttons(view)}
        if "Next page" not in ways:
            break
        assert "submit" not in view, "approved before the last page"
        page += 1
        assert ways["Next page"] == str(page)
    assert page > 1
    assert view["submit"]["text"] == "Approve"
    purpose = form_state_in(view)
    reply = glossary.editing.suggestions.approve(purpose.suggestion, purpose.typed, ADA)
    return shown, reply


@settings(max_examples=50)
@given(fields=st.one_of(fields_with(40, 300, 3), fields_with(100, 9_000, 6)))
def test_every_published_character_has_been_shown_to_the_approver(
    glossary: Glossary, fields: EntryDraft
) -> None:
    review = glossary.review(fields)
    shown, reply = approve(glossary, review)
    if isinstance(reply, Problem):
        assert reply.code == "fields", reply
        assume(False)
    assert isinstance(reply, Saved)
    entry = glossary.published(reply)
    assert draft_of(entry) == replace(review.suggestion.fields, owner="")
    assert is_within(authored_text(entry), shown)


def longest() -> EntryDraft:
    """Build a suggestion with every field at its maximum length."""
    written: dict[FieldName, str] = {
        name: ("word " * length)[: length - 1] + "x" for name, length in LONGEST.items()
    }
    written["aliases"] = ", ".join(f"name {at} {'y' * 106}" for at in range(4))[:500]
    written["related"] = "\n".join(f"Thing {at}: {'why ' * 120}"[:298] for at in range(5))
    written["questions"] = "\n\n".join(f"Q: {at}?\nA: {'so ' * 400}"[:597] for at in range(5))
    return parse_draft(written)


def test_suggestion_of_maximum_size_fits_into_a_message(glossary: Glossary) -> None:
    fields = longest()
    lengths = {name: len(text_of(fields, name)) for name in LONGEST}
    assert all(0.9 * LONGEST[name] < length <= LONGEST[name] for name, length in lengths.items())
    made = glossary.editing.suggestions.suggest(fields, CLEO)
    assert isinstance(made, NewSuggestion), made
    kept = glossary.store.ledger.suggestions.get(made.id).fields
    assert kept == remove_invisible(kept) == glossary.editing.suggestions.published(kept)
    review = glossary.editing.suggestions.build_review(made.id)
    message = review_message(review.suggestion, review.preview)
    assert list(check_message(list(message.blocks))) == []
    assert labels(message.blocks)[0] == "Approve"


def test_hosts_of_links_are_shown_before_approval(glossary: Glossary) -> None:
    fields = EntryDraft(
        "Fathom",
        definition="Six feet, see [the table](https://bücher.test/x).",
        questions=(Question("How deep?", "https://harbour.test@evil.test/"),),
    )
    review = glossary.review(fields)
    hosts = "xn--bcher-kva.test, evil.test"
    assert visible_text(list(review_message(review.suggestion).blocks)).endswith(hosts)
    assert f"Links to: {hosts}" in lines_of(review)


def test_terminal_shows_a_whole_suggestion_and_the_command_to_approve_it(
    glossary: Glossary,
) -> None:
    fields = replace(longest(), term="Everything", example="one\n\n  two " + "x" * 9_000)
    review = glossary.review(fields)
    lines = lines_of(review)
    assert lines[-1] == f"/near-admin approve {review.suggestion.id} digest={review.digest}"
    rest = iter("\n".join(lines))
    for name in NAMES:
        written = text_of(review.suggestion.fields, name)
        assert all(character in rest for character in written), name


def test_truncated_preview_can_be_neither_sent_nor_approved() -> None:
    long, near = EntryDraft("x", definition="y " * 9_000), preview(WORST["short"])
    for mode in ("suggest", "review"):
        assert "submit" not in preview_view(long, near, FormState(mode))
        short = preview_view(EntryDraft("x", definition="*y*"), near, FormState(mode))
        assert short["submit"]
        assert "*y*" in visible_text(short["blocks"])
    assert preview_view(long, near, FormState("write"))["submit"]["text"] == "Save"
