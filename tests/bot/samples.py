"""Replies with the same text in every field that can hold one."""

from __future__ import annotations

from datetime import date

from bot.replies import Help, HelpCommand, HelpOption, Problem, Reply
from index.entry import Entry, Question, Reference, Related, Section, Sense
from index.reindex import Plan, Reindexed
from index.space.results import EntryReply, Matched, Mention, Neighbour, Neighbours

KINDS = ("neighbours", "sparse", "entry", "senses", "plan", "reindexed", "problem", "help")


def neighbour(text: str, rank: int = 1, similarity: float = 0.71) -> Neighbour:
    return Neighbour(
        id=text,
        term=text,
        category=text,
        similarity=similarity,
        rank=rank,
        aliases=(text, text),
        cosine=similarity,
        percentile=99.7,
        band="very close",
        match="meaning",
        definition=text,
        passage=Matched("section", text, text),
        related=(text,),
        source=text,
        url=text,
    )


def neighbours(text: str, *, sparse: bool = False, note: str = "") -> Neighbours:
    return Neighbours(
        generation=text,
        model=text,
        query=text,
        sparse=sparse,
        note=note,
        neighbours=(neighbour(text), neighbour(text, 2, -0.2)),
    )


def entry(text: str, *, senses: int = 0) -> Entry:
    return Entry(
        id=text,
        term=text,
        definition=text,
        category=text,
        aliases=(text, text),
        updated=date(2026, 11, 24),
        senses=(Sense(text, text),) * senses,
        sections=(Section(text, text), Section(text, text)),
        example=text,
        related=(Related(text, text, text),),
        faq=(Question(text, text),),
        references=(Reference(text, text), Reference(text)),
        source=text,
        url=text,
    )


def entry_reply(text: str, *, senses: int = 0) -> EntryReply:
    return EntryReply(
        generation=text,
        model=text,
        match="spelling",
        entry=entry(text, senses=senses),
        neighbours=(neighbour(text),),
    )


def help_reply(text: str) -> Help:
    command = HelpCommand(text, text, (HelpOption(text, text),), (text,))
    return Help(commands=(command, command))


def reply(kind: str, text: str) -> Reply:
    """A reply of one of `KINDS`."""
    match kind:
        case "neighbours":
            return neighbours(text, note=text)
        case "sparse":
            return neighbours(text, sparse=True, note=text)
        case "entry":
            return entry_reply(text)
        case "senses":
            return entry_reply(text, senses=2)
        case "plan":
            return Plan(generation=text, model=text, added=1_234, changed=2, removed=3, unchanged=4)
        case "reindexed":
            return Reindexed(
                generation=text,
                model=text,
                before=None,
                added=1_234,
                changed=2,
                removed=3,
                unchanged=4,
                embedded=5_678,
                reused=6,
                seconds=7.5,
            )
        case "problem":
            mention = Mention(text, text, text, 0.5)
            return Problem(code=text, message=text, hint=text, suggestions=(mention,))
        case "help":
            return help_reply(text)
    raise ValueError(kind)
