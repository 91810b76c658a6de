"""Converting the fields of a form to an entry, or to problems by field."""

from dataclasses import replace
from datetime import date

import pytest

from index.editing.validation import entry_from_draft, find_problems, normalize, remove_invisible
from index.entry import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Detail,
    Entry,
    Question,
    Reference,
    Related,
    Section,
    Sense,
)
from index.entry_draft import EntryDraft, draft_of

TODAY = date(2026, 11, 25)
GOOD = EntryDraft("Keel", definition="The lowest timber.")
BEFORE = Entry(
    id="ships/keel",
    term="Keel",
    definition="Old.",
    aliases=("Anchor",),
    senses=(Sense("Old.", "ships"), Sense("A barge.")),
    sections=(Section("More", "Text."),),
    references=(Reference("A book"),),
    source="ships",
    path="ships.csv",
)


def taken(name: str) -> str | None:
    return {"anchor": "Anchor", "hook": "Anchor"}.get(name.casefold())


def wrong(fields: EntryDraft, before: Entry | None = None) -> list[str]:
    return [problem.field for problem in find_problems(normalize(fields), before, taken)]


def test_typed_text_is_cleaned() -> None:
    typed = EntryDraft(
        " Keel\u202e\n",
        ("keel", " back\nbone ", "Backbone", ""),
        "Sh\x00ips",
        "One\nline.",
        "a\r\nb\x1b",
        (Related(" Hull ", " w\nhy "), Related("", ""), Related("Hull", "w hy")),
        (Question("Why\n?", "So."), Question("", "")),
    )
    assert normalize(typed) == EntryDraft(
        "Keel",
        ("back bone", "Backbone"),
        "Ships",
        "One line.",
        "a\nb",
        (Related("Hull", "w hy"),),
        (Question("Why ?", "So."),),
    )
    assert normalize(normalize(typed)) == normalize(typed)


def test_invisible_characters_are_removed_from_every_field() -> None:
    hidden = "ke\u3164el\u115f"
    cleaned = remove_invisible(
        EntryDraft(
            hidden,
            aliases=("ma\u3164st",),
            definition=hidden,
            related=(Related(hidden, hidden),),
            questions=(Question(hidden, hidden),),
        )
    )
    assert (cleaned.term, cleaned.aliases, cleaned.definition) == ("keel", ("mast",), "keel")
    assert cleaned.related == (Related("keel", "keel"),)
    assert (cleaned.questions[0].question, cleaned.questions[0].answer) == ("keel", "keel")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"term": ""}, "term"),
        ({"term": "?!"}, "term"),
        ({"term": "k" * (LONGEST_NAME + 1)}, "term"),
        ({"term": "anchor"}, "term"),
        ({"term": "Hook"}, "term"),
        ({"definition": " "}, "definition"),
        ({"definition": "k" * (LONGEST_TEXT + 1)}, "definition"),
        ({"example": "k" * (LONGEST_TEXT + 1)}, "example"),
        ({"category": "k" * (LONGEST_NAME + 1)}, "category"),
        ({"aliases": ("hook",)}, "aliases"),
        ({"aliases": ("--",)}, "aliases"),
        ({"aliases": tuple(map(str, range(201)))}, "aliases"),
        ({"aliases": ("k" * (LONGEST_NAME + 1),)}, "aliases"),
        ({"related": (Related("", "why"),)}, "related"),
        ({"related": (Related("keel", "why"),)}, "related"),
        ({"related": (Related("k" * (LONGEST_NAME + 1), ""),)}, "related"),
        ({"related": tuple(Related(f"T{n}", "") for n in range(101))}, "related"),
        ({"questions": (Question("Why?", ""),)}, "questions"),
        ({"questions": (Question("", "So."),)}, "questions"),
        ({"questions": (Question("k" * 501, "So."),)}, "questions"),
        ({"questions": tuple(Question(f"{n}?", "So.") for n in range(101))}, "questions"),
    ],
)
def test_an_invalid_value_is_reported_for_its_field(changes: dict[str, object], field: str) -> None:
    given = {"term": "Keel", "definition": "The lowest timber.", **changes}
    assert wrong(EntryDraft(**given)) == [field]  # type: ignore[arg-type]


def test_a_valid_form_has_no_problems() -> None:
    assert wrong(GOOD) == []
    assert wrong(draft_of(BEFORE), BEFORE) == []
    assert wrong(draft_of(BEFORE)) == ["aliases"]


def test_alias_of_another_entry_is_refused_with_what_to_do() -> None:
    fields = EntryDraft(term="Keel", definition="The lowest timber.", aliases=("hook",))
    (problem,) = find_problems(fields, None, taken)
    assert problem.message == '"hook" is a name of Anchor: choose another alias.'


def test_a_new_entry_gets_a_new_id() -> None:
    entry = entry_from_draft(GOOD, None, TODAY)
    assert entry == Entry(
        "written/keel", "Keel", "The lowest timber.", updated=TODAY, source="written"
    )
    assert entry_from_draft(GOOD, None, TODAY, {"written/keel"}).id == "written/keel-2"
    assert (
        entry_from_draft(EntryDraft("C++ / 1", definition="x"), None, TODAY).id == "written/c++-1"
    )


def test_content_without_a_form_field_is_kept() -> None:
    entry = entry_from_draft(GOOD, BEFORE, TODAY)
    assert (entry.id, entry.source, entry.path) == ("ships/keel", "ships", "ships.csv")
    assert (entry.sections, entry.references) == (BEFORE.sections, BEFORE.references)
    assert entry.senses == (Sense("The lowest timber.", "ships"), Sense("A barge."))
    assert (entry.aliases, entry.updated) == ((), TODAY)


def test_owner_status_details_and_other_categories_are_kept() -> None:
    before = replace(
        BEFORE,
        owner="Ana",
        status="agreed",
        details=(Detail("Region", "EMEA"),),
        more_categories=("Hull", "Wood"),
    )
    entry = entry_from_draft(replace(GOOD, category="wood"), before, TODAY)
    assert (entry.owner, entry.status, entry.details) == ("Ana", "agreed", before.details)
    assert entry.categories == ("wood", "Hull")
