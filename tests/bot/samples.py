"""Replies with the same text in every field that can hold one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.admin.import_replies import Import
from bot.admin.insights import Asked, Gap, Gaps, PhraseCandidate, Stale, Stats, Stretch
from bot.admin.replies import (
    AskedLately,
    AuditLine,
    AuditLog,
    GenerationLine,
    Generations,
    Kept,
    SourceStatus,
    Status,
    Stopping,
    Underway,
)
from bot.replies import Forgotten, Help, HelpCommand, HelpOption, NewThread, Problem, Reply
from index.editing.results import FieldProblem
from index.entry import Entry, Question, Reference, Related, Section, Sense
from index.export.exported import Exported
from index.reindex import Churn, Plan, Reindexed, Worst
from index.rollback import RolledBack, SetAside
from index.sources.files import Refusal
from index.sources.source import SourceReport
from index.space.latent.results import (
    About,
    Blend,
    Comparison,
    Explored,
    Here,
    Hop,
    Map,
    Models,
    ModelView,
    Moved,
    Neighbourhood,
    Odd,
    Pair,
    Path,
    Region,
    Shift,
    Tipping,
    Towards,
    Wander,
    Word,
)
from index.space.results import (
    Answer,
    Citation,
    EntryReply,
    Matched,
    Mention,
    Neighbour,
    Neighbours,
)
from tests.bot import editing_samples

EXPLORED = (
    "comparison",
    "table",
    "shift",
    "path",
    "map",
    "wander",
    "odd",
    "blend",
    "models",
    "about",
)
KINDS = (
    *EXPLORED,
    "neighbours",
    "sparse",
    "entry",
    "answer",
    "declined",
    "senses",
    "plan",
    "reindexed",
    "status",
    "stopping",
    "generations",
    "rolled back",
    "kept",
    "exported",
    "audit",
    "gaps",
    "stats",
    "import",
    "imported",
    *editing_samples.KINDS,
    "problem",
    "help",
    "new thread",
    "forgotten",
)
MOMENT = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)


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
        search_phrases=(text, "never shown"),
    )


def entry_reply(text: str, *, senses: int = 0) -> EntryReply:
    return EntryReply(
        generation=text,
        model=text,
        match="spelling",
        entry=entry(text, senses=senses),
        neighbours=(neighbour(text),),
        also_in=(text,),
    )


def answer(text: str, *, answered: bool = True) -> Answer:
    return Answer(
        generation=text,
        model=text,
        question=text,
        answered=answered,
        text=text,
        citations=(Citation(text, text, text), Citation(text, text, "")) if answered else (),
        confidence="quite sure" if answered else "none",
        sparse=not answered,
        nearest=(Mention(text, text, text, 0.5), Mention(text, text, text, None)),
        follow_ups=(text, text),
    )


def report(text: str) -> SourceReport:
    return SourceReport(
        name=text,
        path=text,
        files=2,
        entries=1_234,
        senses=1_235,
        merged=1,
        kept=1,
        refused=(Refusal(text, 3, text, text),),
        licence=text,
    )


def status(text: str) -> Status:
    return Status(
        generation=text,
        model=text,
        entries=1_234,
        passages=5_678,
        built=MOMENT,
        age=7_200,
        by=text,
        last={"added": 1, "changed": 2, "removed": 3, "seconds": 4.5},
        sources=(SourceStatus(text, text, 1_234, 2, 3),),
        disk=123_456_789,
        ledger=text,
        reindexing=Underway(text, 12.3, text, 4, 5),
        paused=True,
        asked=AskedLately(30, 1_234, 5, 6, 7, 8),
        health=(text,),
    )


def gaps(text: str) -> Gaps:
    mention = Mention(text, text, text, 0.5)
    known = Gap(text, 12, 3, (text, text), (mention,) * 3, entry=mention)
    return Gaps(
        generation=text,
        model=text,
        days=30,
        questions=1_234,
        people=56,
        total=78,
        gaps=(known, *[replace(known, entry=None)] * 12),
    )


def stats(text: str) -> Stats:
    mention = Mention(text, text, text, None)
    return Stats(
        generation=text,
        model=text,
        days=3_600,
        questions=1_234,
        people=56,
        answered=1_000,
        helpful=7,
        not_helpful=8,
        median=0.345,
        p95=1.234,
        stretch=60,
        plot=tuple(Stretch(MOMENT.date(), at) for at in range(60)),
        top=(Asked(mention, 12, 3, 4, 5),) * 10,
        unasked=(mention,) * 10,
        unasked_total=200,
        stale=(Stale(mention, MOMENT.date(), 1, 2), Stale(mention, MOMENT.date(), 0, 0)) * 5,
        stale_total=78,
        phrase_candidates=(PhraseCandidate(mention, text, text, 3),) * 5,
    )


def imported(text: str) -> Import:
    return Import(
        generation=text,
        model=text,
        state="planned",
        name=text,
        path=text,
        form=text,
        entries=1_234,
        added=1,
        changed=2,
        removed=3,
        unchanged=4,
        refused=(Refusal(text, 3, text, text), Refusal(text, None, text)) * 5,
        refusals=99,
        digest="0123456789abcdef",
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
        case "answer":
            return answer(text)
        case "declined":
            return answer(text, answered=False)
        case "plan":
            return Plan(generation=text, model=text, added=1_234, changed=2, removed=3, unchanged=4)
        case "reindexed":
            return Reindexed(
                generation=text,
                model=text,
                before="g000000",
                added=1_234,
                changed=2,
                removed=3,
                unchanged=4,
                embedded=5_678,
                reused=6,
                seconds=7.5,
                churn=Churn(
                    questions=300, changed=7, first=2, worst=(Worst(question=text, changed=9),) * 3
                ),
                sources=(report(text),),
            )
        case "status":
            return status(text)
        case "stopping":
            return Stopping(generation=text, model=text, holder=text)
        case "generations":
            line = GenerationLine(text, "damaged", MOMENT, text, 1, 2, 3, current=True, note=text)
            return Generations(generation=text, model=text, generations=(line, line), total=9)
        case "rolled back":
            aside = SetAside(text, text, "edited", text, MOMENT, 12)
            return RolledBack(
                generation=text, model=text, before=text, entries=1_234, set_aside=(aside,) * 30
            )
        case "kept":
            return Kept(generation=text, model=text)
        case "exported":
            return Exported(
                generation=text,
                model=text,
                form="csv",
                path=text,
                entries=1,
                files=1,
                lost=(text,),
                losses=1,
            )
        case "audit":
            record = AuditLine(MOMENT, text, text, "refused", text, text)
            return AuditLog(generation=text, model=text, records=(record, record))
        case "gaps":
            return gaps(text)
        case "stats":
            return stats(text)
        case "import":
            return imported(text)
        case "imported":
            return replace(imported(text), state="applied", live="g000002", seconds=1.5)
        case "problem":
            mention = Mention(text, text, text, 0.5)
            wrong = FieldProblem("term", text)
            return Problem(
                code=text, message=text, hint=text, suggestions=(mention,), fields=(wrong,)
            )
        case "help":
            return help_reply(text)
        case "new thread":
            return NewThread(generation=text, model=text)
        case "forgotten":
            return Forgotten(generation=text, model=text, questions=3, votes=1)
    if kind in editing_samples.KINDS:
        return editing_samples.editing_reply(kind, text)
    return explored(kind, text)


def explored(kind: str, text: str) -> Explored:
    """What exploring gives, of one of `EXPLORED`."""
    mention = Mention(text, text, text, 0.5)
    match kind:
        case "comparison" | "table":
            several = kind == "table"
            return Comparison(
                generation=text,
                model=text,
                a=text,
                b=text,
                cosine=0.57,
                similarity=0.18,
                percentile=61.0,
                band="far",
                shared=(mention,) * 3,
                only_a=(mention,) * 3,
                only_b=(mention,) * 3,
                between=mention,
                items=(text,) * 6 if several else (),
                matrix=((0.5,) * 6,) * 6 if several else (),
            )
        case "shift":
            return Shift(
                generation=text,
                model=text,
                before=text,
                after=text,
                cosine=0.74,
                similarity=0.74,
                percentile=99.0,
                gained=(mention,) * 10,
                lost=(mention,) * 10,
                moved=(Moved(text, text, 1, 2),) * 10,
                words=(Word(text, added=True, effect=0.1), Word(text, added=False, effect=0.05))
                * 20,
                from_neighbourhood=text,
                to_neighbourhood=f"{text}.",
                towards=(Towards(text, 0.2),) * 3,
                tone="premium",
                tipping=Tipping(0.4, text, text),
            )
        case "path":
            hop = Hop(text, text, text, 0.5, text)
            return Path(
                generation=text,
                model=text,
                a=text,
                b=text,
                hops=(hop,) * 12,
                straight=(mention,) * 7,
                weakest=3,
            )
        case "wander":
            return Wander(
                generation=text,
                model=text,
                query=text,
                temperature=1,
                seed=2,
                stops=(mention,) * 20,
                breadth=0.5,
            )
        case "odd":
            items = (text,) * 12
            return Odd(
                generation=text,
                model=text,
                items=items,
                scores=(0.5,) * 12,
                odd=text,
                around=mention,
            )
        case "blend":
            return Blend(
                generation=text, model=text, expression=text, neighbours=(neighbour(text),) * 5
            )
        case "models":
            view = ModelView(text, text, 384, (mention,) * 10, 0.4, 0.3)
            unknowing = ModelView(text, text, 128, (), 0.0, None)
            return Models(
                generation=text,
                model=text,
                query=text,
                sparse=True,
                models=(view, view, unknowing, view),
                overlap=0.4,
                rank_correlation=0.3,
            )
        case "map":
            here = Here(text, 0.25, 0.5, text, sparse=False, nearest=(mention,) * 6)
            return Map(
                generation=text,
                model=text,
                query=text,
                within=text,
                theme="light",
                image=text,
                page=text,
                neighbourhoods=(Region(text, 3, (mention,) * 8),) * 24,
                here=here,
                places=(here,),
                alt=text,
            )
        case "about":
            return About(
                generation=text,
                model=text,
                dimensions=384,
                effective_dimensions=160,
                entries=203,
                passages=3_451,
                neighbourhoods=(Neighbourhood(text, 3),) * 20,
                closest=(Pair(mention, mention, 0.9),) * 3,
                loneliest=(mention,) * 3,
                distribution=((-0.1, 0.2), (0.0, 0.8)),
            )
    raise ValueError(kind)
