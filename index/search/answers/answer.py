"""Answer questions with sentences of the encyclopedia; no text is generated."""

from __future__ import annotations

import re

from index.embedding.embedder import Embedder
from index.entry import Entry, asked_alike
from index.names import name_key
from index.search.answers.context import QuestionContext, Told, cite, told_of
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.answers.extractive import beginning, definition_of, spelt_out
from index.search.answers.follow_ups import moved
from index.search.answers.intents import Intent, ask_of, lean_of
from index.search.answers.lists import listed
from index.search.answers.semantic import by_meaning
from index.search.neighbours import named
from index.search.results import Answer, Citation, Confidence
from index.search.similarity import entry_similarity
from index.storage import Generation
from index.text import one_line

HELLO = "Hello. Ask me about a term, how two terms differ, or describe what you are looking for."
COURTESIES = {  # by prefix of the question
    "who are": "I am Nearsay. I answer from an encyclopedia, in its own sentences.",
    "what can": "I explain terms, tell two apart, and find the one you describe. Just ask.",
    "than": "You are welcome.",
    "thx": "You are welcome.",
    "bye": "Goodbye.",
    "ok": "Good. Ask again any time.",
    "great": "Good. Ask again any time.",
    "cool": "Good. Ask again any time.",
    "nice": "Good. Ask again any time.",
}
FOLLOW_UPS = 2
_BETWEEN = re.compile(r"\b(?:between|and|from|than|with|vs|versus|as|(?<!-)to(?!-))\b")
PART = 1_300  # characters, at most, of a section that the question asks for
OWN_QUESTIONS = 1  # questions of the entry that come before those on related terms


def answer(
    generation: Generation, embedder: Embedder, question: str, thread: Conversation = NO_THREAD
) -> Answer:
    """Answer `question`, which may refer to what was said in `thread`.

    The text consists of unchanged sentences of the entries. Raises `ModelMismatch` if the index was
    built with a model other than `embedder`.
    """
    asked = QuestionContext(generation, embedder, one_line(question), thread)
    told = _told(asked, ask_of(question))
    return Answer(
        generation=generation.id,
        model=generation.model,
        question=asked.question,
        answered=told.answered,
        text=told.text,
        citations=told.citations,
        confidence=told.confidence,
        sparse=told.sparse,
        nearest=told.nearest,
        follow_ups=_follow_ups(generation, told, thread),
    )


def _told(asked: QuestionContext, ask: Intent) -> Told:
    """Answer by intent if possible, else by name, else by meaning."""
    told: Told | None
    match ask.kind:
        case "numbered" | "other" | "without" | "more" | "simpler" | "why":
            told = moved(asked, ask)
        case "difference":
            told = _difference(asked)
        case "list":
            told = listed(asked, ask.subject)
        case "example" | "workings" | "importance":
            told = _part(asked, ask)
        case "courtesy":
            said = asked.question.casefold()
            told = Told(next((one for by, one in COURTESIES.items() if said.startswith(by)), HELLO))
        case "expansion" | "question":
            told = None
    return told or _named(asked, ask) or by_meaning(asked, asked.question)


def _difference(asked: QuestionContext) -> Told | None:
    """Contrast two entries; one or both may come from the thread."""
    said = asked.said(asked.question)
    if len(said) < 2:  # a name may be misspelt
        parts = [part for part in _BETWEEN.split(asked.question) if "differ" not in part]
        names = [named for part in parts if (named := asked.named(part))]
        said = [asked.generation.entries[one] for one in {named.entry_id: 0 for named in names}]
    leans = lean_of(asked.question) == "points"
    if len(said) == 1 and (leans or "between" not in asked.question):
        said = [*([asked.focus] if asked.focus else []), *said]
    elif not said and leans and "between" in asked.question:
        said = [entry for entry in (asked.focus, asked.beside_focus) if entry]
    return _contrast(asked, *said) if len(said) == 2 and said[0] is not said[1] else None


def _contrast(asked: QuestionContext, one: Entry, other: Entry) -> Told:
    """Return both definitions, and a text of one entry on the difference."""
    similarity = entry_similarity(asked.generation, one.id, other.id)
    apart, citation = _what_separates(one, other)
    lines = [definition_of(one), definition_of(other), apart]
    citations = (cite(one, "Definition"), cite(other, "Definition"), *citation)
    nearest = named(asked.generation, one.id, 1.0), named(asked.generation, other.id, similarity)
    return Told("\n\n".join(line for line in lines if line), citations, "sure", nearest)


def _what_separates(one: Entry, other: Entry) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer of one entry to a question that names the other, or else why they are
    related; may be empty."""
    for a, b in ((one, other), (other, one)):
        names = {name_key(name) for name in (b.term, *b.aliases)}
        for first, *others in asked_alike(a.faq):
            asked_for = [name_key(item.question) for item in (first, *others)]
            if any(f" {name} " in f" {key} " for name in names for key in asked_for):
                return f"{first.question}\n{first.answer}", (cite(a, first.question),)
    reasons = [
        (f"{b.term}, seen from {a.term}: {item.why}", cite(a, "Related terms"))
        for a, b in ((one, other), (other, one))
        for item in a.related
        if item.id == b.id
    ]
    if reasons:
        return "\n".join(text for text, _ in reasons), tuple(place for _, place in reasons)
    return "", ()


def _part(asked: QuestionContext, ask: Intent) -> Told | None:
    """Return the part of an entry that the intent asks for, such as its example."""
    entry = asked.meant(ask.subject)
    if entry is None:
        return None
    if ask.kind == "example":
        return told_of(asked, entry, "Example", beginning(entry.example)) if entry.example else None
    wanted = "how" if ask.kind == "workings" else "matters"
    for section in entry.sections:
        if wanted in name_key(section.heading).split():
            return told_of(asked, entry, section.heading, beginning(section.text, PART))
    return None


def _named(asked: QuestionContext, ask: Intent) -> Told | None:
    """Return the definition of the entry that the question names, with abbreviations expanded."""
    named = asked.named(ask.subject if ask.kind == "expansion" else asked.question)
    if named is None:
        return None
    entry = asked.generation.entries[named.entry_id]
    full = spelt_out(entry, named.name)
    text = definition_of(entry)
    if full:
        text = f"{named.name} stands for {full}.\n{text}"
    confidence: Confidence = "quite sure" if named.match == "spelling" else "sure"
    return told_of(asked, entry, "Definition", text, confidence)


def _follow_ups(generation: Generation, told: Told, thread: Conversation) -> tuple[str, ...]:
    """Suggest unanswered questions of the first cited entry and questions for its related terms;
    after a list, questions for its first terms. A thread never gets a suggestion twice."""
    if not told.citations:
        return told.follow_ups
    if not told.citations[0].heading:
        return tuple(f"What is {item.term}?" for item in told.citations[:FOLLOW_UPS])
    entry = generation.entries[told.citations[0].id]
    over = {*thread.told, *thread.suggested, *(item.heading for item in told.citations)}
    cited = {*thread.entries, *(item.id for item in told.citations)}
    own = [item.question for item, *_ in asked_alike(entry.faq) if item.question not in over]
    terms = [item.id for item in entry.related if item.id in generation.entries.keys() - cited]
    related = [f"What is {generation.entries[one].term}?" for one in terms]
    related = [question for question in related if question not in over]
    first = own[:OWN_QUESTIONS] if related else own
    return tuple([*first, *related, *own[OWN_QUESTIONS:]][:FOLLOW_UPS])
