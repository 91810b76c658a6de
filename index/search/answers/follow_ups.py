"""Answer follow-ups that depend on the thread, such as "more" and "why?"."""

from __future__ import annotations

from index.entry import Entry, asked_alike
from index.search.answers.context import QuestionContext, Told, cite, told_of
from index.search.answers.excerpts import LONGEST
from index.search.answers.extractive import beginning, definition_of
from index.search.answers.intents import ORDINALS, Intent, ask_of, lean_of, put_in
from index.search.answers.semantic import by_meaning

CHOICES = 3  # entries offered in a question back


def moved(asked: QuestionContext, ask: Intent) -> Told | None:
    """Answer a follow-up; None if it is a question of its own."""
    if ask.kind == "without":
        return _without(asked, ask.subject)
    if ask.kind == "numbered" and asked.thread.entries:
        return _numbered(asked, ask.subject)
    if ask.kind == "other" and asked.thread.entries:
        return _other(asked)
    if asked.focus is None:
        return Told("There is nothing yet that this could follow: ask a question first.")
    if ask.kind == "simpler":
        return _simpler(asked, asked.focus)
    if ask.kind == "why":
        return by_meaning(asked, _why(asked, asked.focus), only=asked.focus)
    return _more(asked, asked.focus)


def _numbered(asked: QuestionContext, number: str) -> Told | None:
    """Answer from the entry with a number: its definition, or for "why", its answer to the question
    of the thread."""
    entry = asked.numbered(number)
    if entry is None:
        at, last = ORDINALS.get(number.casefold(), number), len(asked.thread.numbered)
        return Told(f"There is no number {at} here; there are {last}.")
    from_list = ask_of(asked.thread.question).kind == "list"
    if asked.question.casefold().startswith("why") and not from_list:
        return by_meaning(asked, asked.thread.question, only=entry)
    return told_of(asked, entry, "Definition", definition_of(entry))


def _other(asked: QuestionContext) -> Told | None:
    """Answer the question of the thread from the other entry. If there are several, ask which one,
    with at most `CHOICES`."""
    others, question = asked.others, asked.thread.question
    if len(others) > 1:
        *first, last = [entry.term for entry in others[:CHOICES]]
        leans = lean_of(question) == "points"
        return Told(
            f"Which one: {', '.join(first)} or {last}?",
            follow_ups=tuple(
                put_in(question, entry.term) if leans else f"What is {entry.term}?"
                for entry in others[:CHOICES]
            ),
        )
    if not others:
        return None
    if lean_of(question) == "alone" or ask_of(question).kind != "question":
        return told_of(asked, others[0], "Definition", definition_of(others[0]))
    return by_meaning(asked, question, only=others[0])


def _why(asked: QuestionContext, entry: Entry) -> str:
    """Expand "why?" to a full question about the question of the thread."""
    question = asked.thread.question
    named = asked.named(question)
    if named or ask_of(question).kind != "question":
        return f"why does {entry.term} happen?"
    return f"why: {question}"


def _simpler(asked: QuestionContext, entry: Entry) -> Told:
    """Return the beginning of the first section, which is plainer than the definition."""
    for section in entry.sections[:1]:
        if section.heading not in asked.thread.told:
            text = beginning(section.text.split("\n\n")[0], LONGEST)
            return told_of(asked, entry, section.heading, text)
    text = f"The entry on {entry.term} has nothing plainer than its definition."
    return Told(text, (cite(entry, "Definition"),), "quite sure", asked.beside(entry))


def _without(asked: QuestionContext, subject: str) -> Told | None:
    """Answer the question of the thread again, without one entry."""
    entry = asked.meant(subject)
    if entry is None or not asked.thread.question:
        return None
    question = asked.thread.question
    others = [one for one in (asked.focus, asked.beside_focus) if one and one is not entry]
    if others and lean_of(question) == "points":  # the reference is to the remaining entry
        return by_meaning(asked, question, only=others[0])
    told = by_meaning(asked, question, without={entry.id})
    if told.answered or not others:
        return told
    return by_meaning(asked, question, only=others[0])


def _more(asked: QuestionContext, entry: Entry) -> Told:
    """Return the next part of the entry that was not shown yet."""
    parts = [(section.heading, section.text) for section in entry.sections]
    parts += [("Example", entry.example)] if entry.example else []
    parts += [(item.question, item.answer) for item, *_ in asked_alike(entry.faq)]
    for heading, text in parts:
        if heading not in asked.thread.told:
            return told_of(asked, entry, heading, beginning(text))
    return Told(
        f"That was all that the entry on {entry.term} says.", nearest=asked.beside(entry)[1:]
    )
