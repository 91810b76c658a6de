from hashlib import sha256

import pytest

from index.entry import (
    Entry,
    Passage,
    Question,
    Related,
    Section,
    Sense,
    group_rewordings,
    link,
    passages_of,
)

FULL = Entry(
    id="temperature",
    term="Temperature",
    definition="How bold the draw is.",
    senses=(Sense("How bold the draw is.", "sampling"), Sense("How warm it is.", "weather")),
    sections=(Section("What it is", "A number."), Section("How it works", "It divides.")),
    example="At 0 the answer repeats.",
    faq=(Question("Is zero exact?", "Not quite."),),
)


def entry(entry_id: str, term: str, source: str = "", *related: str, aliases: str = "") -> Entry:
    return Entry(
        id=entry_id,
        term=term,
        definition=f"{term}.",
        aliases=tuple(aliases.split()),
        related=tuple(Related(name, "because") for name in related),
        source=source,
    )


def related_ids(entries: list[Entry], entry_id: str) -> list[str | None]:
    return [item.id for found in entries if found.id == entry_id for item in found.related]


def test_passages_are_in_the_order_of_the_page() -> None:
    assert [(passage.id, passage.kind) for passage in passages_of(FULL)] == [
        ("temperature#definition", "definition"),
        ("temperature#description", "definition"),
        ("temperature#sense-2", "definition"),
        ("temperature#section-1", "section"),
        ("temperature#section-2", "section"),
        ("temperature#example", "example"),
        ("temperature#question-1", "question"),
        ("temperature#answer-1", "answer"),
    ]


def test_passages_are_embedded_with_their_term_except_questions() -> None:
    embedded = {passage.id: passage.embedded for passage in passages_of(FULL)}
    assert embedded["temperature#section-1"] == "Temperature A number."
    assert embedded["temperature#answer-1"] == "Temperature Not quite."
    assert embedded["temperature#question-1"] == "Is zero exact?"


def test_the_definition_is_embedded_with_and_without_the_term() -> None:
    entry = Entry("bell", "Bell", "It rings.")
    assert [(one.id, one.text, one.embedded) for one in passages_of(entry)] == [
        ("bell#definition", "It rings.", "Bell It rings."),
        ("bell#description", "It rings.", "It rings."),
    ]


def test_rewordings_follow_their_question_and_share_its_answer() -> None:
    other = Question("what for", "So.", reworded=True)
    faq = (Question("Why?", "So."), other, Question("When?", "At noon."))
    found = list(passages_of(Entry("bell", "Bell", "It rings.", faq=faq)))[2:]
    assert [(one.id, one.kind, one.heading, one.text) for one in found] == [
        ("bell#question-1", "question", "Why?", "Why?"),
        ("bell#answer-1", "answer", "Why?", "So."),
        ("bell#question-2", "question", "Why?", "what for"),
        ("bell#question-3", "question", "When?", "When?"),
        ("bell#answer-3", "answer", "When?", "At noon."),
    ]


@pytest.mark.parametrize(
    "faq",
    [
        pytest.param([Question("a?", "No."), Question("b?", "No.")], id="the same answer"),
        pytest.param([Question("a?", "No.", reworded=True)], id="nothing before it"),
        pytest.param([Question("a?", "No."), Question("b?", "Yes.", True)], id="another answer"),
    ],
)
def test_a_question_that_is_not_a_rewording_has_a_separate_passage(faq: list[Question]) -> None:
    assert group_rewordings(faq) == [[one] for one in faq]


def test_text_is_normalized_before_embedding() -> None:
    passage = Passage("a#x", "a", "section", "One", "𝐁𝐨𝐥𝐝 ﬁre at 20 ℃", "Ｔｅｒｍ")
    assert passage.embedded == "Term Bold fire at 20 °C"


def test_the_digest_covers_only_the_embedded_text() -> None:
    passage = Passage("a#x", "a", "section", "One", "text", "Term")
    other = Passage("b#y", "b", "question", "Two", "Term text", "")
    assert passage.digest == other.digest == sha256(b"Term text").hexdigest()
    assert passage.digest != Passage("a#x", "a", "section", "One", "texts", "Term").digest


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param("Top-p sampling", "top-p", id="term"),
        pytest.param("top p SAMPLING", "top-p", id="term in another spelling"),
        pytest.param("nucleus", "top-p", id="alias"),
        pytest.param("Unheard of", None, id="no entry"),
    ],
)
def test_link_resolves_a_related_term_by_name(wanted: str, found: str | None) -> None:
    linked = link(
        [entry("t", "T", "", wanted), entry("top-p", "Top-p sampling", aliases="nucleus")]
    )
    assert related_ids(linked, "t") == [found]


def test_link_prefers_an_entry_from_the_same_source() -> None:
    linked = link(
        [
            entry("token", "Token", "encyclopedia"),
            entry("bank/token", "Token", "bank"),
            entry("bank/card", "Card", "bank", "token"),
            entry("model", "Model", "encyclopedia", "token"),
            entry("shop/till", "Till", "shop", "token"),
        ]
    )
    assert related_ids(linked, "bank/card") == ["bank/token"]
    assert related_ids(linked, "model") == ["token"]
    assert related_ids(linked, "shop/till") == ["token"]
