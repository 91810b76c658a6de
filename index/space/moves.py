"""Moves of the thread: what leans on it and asks nothing by itself."""

from __future__ import annotations

from index.entry import Entry, asked_alike
from index.space.asked import Asked, Told, told_of
from index.space.asks import Ask, ask_of, lean_of
from index.space.extracts import beginning, definition_of
from index.space.meaning import by_meaning

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


def moved(asked: Asked, ask: Ask) -> Told | None:
    """What a move gives; None where it turns out to be none."""
    if ask.kind == "without":
        return _without(asked, ask.subject)
    if ask.kind == "numbered" and asked.thread.entries:
        return _numbered(asked, ask.subject)
    if asked.focus is None:
        return Told("There is nothing yet that this could follow: ask a question first.")
    if ask.kind == "simpler":
        return told_of(asked, asked.focus, "Definition", definition_of(asked.focus))
    return _more(asked, asked.focus)


def _numbered(asked: Asked, number: str) -> Told | None:
    """The entry of that number: with "why", what it says to the thread's question; else what it
    is."""
    at = ORDINALS.get(number.casefold()) or int(number)
    numbered = asked.thread.numbered
    if not 1 <= at <= len(numbered) or numbered[at - 1] not in asked.generation.entries:
        return Told(f"There is no number {at} here; there are {len(numbered)}.")
    entry = asked.generation.entries[numbered[at - 1]]
    from_list = ask_of(asked.thread.question).kind == "list"
    if asked.question.casefold().startswith("why") and not from_list:
        return by_meaning(asked, asked.thread.question, only=entry)
    return told_of(asked, entry, "Definition", definition_of(entry))


def _without(asked: Asked, subject: str) -> Told | None:
    """The thread's question once more, with an entry left out."""
    entry = asked.meant(subject)
    if entry is None or not asked.thread.question:
        return None
    question = asked.thread.question
    others = [one for one in (asked.focus, asked.beside_focus) if one and one is not entry]
    if others and lean_of(question) == "points":  # what it points at is not what is left out
        return by_meaning(asked, question, only=others[0])
    told = by_meaning(asked, question, without={entry.id})
    if told.answered or not others:
        return told
    return by_meaning(asked, question, only=others[0])


def _more(asked: Asked, entry: Entry) -> Told:
    """The next part of the entry that was not told yet."""
    parts = [(section.heading, section.text) for section in entry.sections]
    parts += [("Example", entry.example)] if entry.example else []
    parts += [(item.question, item.answer) for item, *_ in asked_alike(entry.faq)]
    for heading, text in parts:
        if heading not in asked.thread.told:
            return told_of(asked, entry, heading, beginning(text))
    return Told(
        f"That was all that the entry on {entry.term} says.", nearest=asked.beside(entry)[1:]
    )
