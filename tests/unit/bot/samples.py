"""Sample replies with the same text in every text field."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.replies.admin import AuditLog, GenerationKept, GenerationList, Status, StopRequested
from bot.replies.base import Help, NewThread, Problem, Reply, UserDataDeleted
from bot.replies.editing import (
    Conflict,
    FieldDifference,
    Form,
    History,
    NewSuggestion,
    RemovalPreview,
    Review,
    Saved,
    SuggestionDeclined,
    SuggestionList,
)
from bot.replies.imports import Import
from bot.replies.insights import Gap, Gaps, PlotPeriod, StaleEntry, Stats
from bot.replies.ways import WayList, WaysDecided, WaysRead, WaysRequest
from index.editing.draft_check import Preview
from index.entry import Entry, Mention, Reference
from index.entry_draft import NAMES
from index.export.exported import ExportResult
from index.indexing.reindex import Churn, Plan, ReindexResult
from index.indexing.rollback import RollbackResult
from index.search.explore.explorations import (
    About,
    Comparison,
    Explored,
    Map,
    Models,
    ModelView,
    Path,
    RandomWalk,
    Region,
    Shift,
    TextPosition,
    Word,
)
from index.search.results import (
    Answer,
    Citation,
    EntryList,
    EntryReply,
    Explanation,
    MatchedPassage,
    Neighbour,
    Neighbours,
)
from index.sources.files import Refusal
from index.sources.source import SourceReport

Kind = TypeVar("Kind")
Text = str | Callable[[int], str]

MOMENT = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
# Lengths in characters of the longest texts, by field name; 120 for other fields.
LENGTHS = {
    **dict.fromkeys(("definition", "example", "answer", "theirs", "yours"), 20_000),
    "why": 5_000,
    "note": 500,
    "question": 400,
    **dict.fromkeys(("by", "name", "reviewer", "neighbourhood", "missing"), 300),
}
_MISSING = object()
_VALUES = {bool: True, int: 3, float: 0.5, date: MOMENT.date(), datetime: MOMENT}


def filled(kind: type[Kind], text: Text, /, **given: Any) -> Kind:
    """Return a dataclass with `text` in every text field and two items in every collection.

    If `text` is callable, it is called with the length in `LENGTHS`. `given` overrides fields; an
    integer for a collection is its number of items.
    """
    hints, values = get_type_hints(kind), {}
    for field in fields(kind):  # type: ignore[arg-type]
        hint, value = hints[field.name], given.pop(field.name, _MISSING)
        if value is _MISSING:
            value = _value(hint, text, field.name)
        elif get_origin(hint) is tuple and isinstance(value, int):
            value = (_value(get_args(hint)[0], text, field.name),) * value
        values[field.name] = value
    return kind(**values, **given)


def _value(hint: Any, text: Text, name: str) -> Any:
    if hint is str:
        return text if isinstance(text, str) else text(LENGTHS.get(name, 120))
    if hint in _VALUES:
        return _VALUES[hint]
    if is_dataclass(hint):
        return filled(hint, text)  # type: ignore[arg-type]
    origin, of = get_origin(hint), get_args(hint)
    if origin is tuple and of[-1] is not Ellipsis:
        return tuple(_value(one, text, name) for one in of)
    if origin is tuple:
        return (_value(of[0], text, name),) * 2
    if origin is Literal:
        return of[0]
    return _value(of[0], text, name) if origin in (Union, UnionType) else {}


def neighbour(text: str, rank: int = 1, similarity: float = 0.71) -> Neighbour:
    return filled(
        Neighbour,
        text,
        similarity=similarity,
        rank=rank,
        cosine=similarity,
        percentile=99.7,
        band="very close",
        match="meaning",
        passage=MatchedPassage("section", text, text),
        related=1,
    )


def neighbours(text: str, *, sparse: bool = False, note: str = "") -> Neighbours:
    found = (neighbour(text), neighbour(text, 2, -0.2))
    return filled(Neighbours, text, sparse=sparse, note=note, neighbours=found, why=False)


def entry(text: str, *, senses: int = 0) -> Entry:
    return filled(
        Entry,
        text,
        senses=senses,
        references=(Reference(text, text), Reference(text)),
        path="",
        licence="",
        search_phrases=(text, "never shown"),
    )


def entry_reply(text: str, *, senses: int = 0) -> EntryReply:
    found = entry(text, senses=senses)
    return filled(
        EntryReply,
        text,
        match="spelling",
        entry=found,
        neighbours=(neighbour(text),),
        also_in=1,
        whole=False,
    )


def answer(text: str, *, answered: bool = True) -> Answer:
    return filled(
        Answer,
        text,
        answered=answered,
        citations=(Citation(text, text, text), Citation(text, text, "")) if answered else (),
        confidence="quite sure" if answered else "none",
        sparse=not answered,
        nearest=(Mention(text, text, text, 0.5), Mention(text, text, text, None)),
    )


def report(text: str) -> SourceReport:
    return filled(SourceReport, text, refused=1)


def gaps(text: str) -> Gaps:
    known = filled(Gap, text, nearest=3)
    return filled(Gaps, text, days=30, gaps=(known, *[replace(known, entry=None)] * 12))


def stats(text: str) -> Stats:
    stale = (filled(StaleEntry, text, not_helpful=9), filled(StaleEntry, text))
    plot = tuple(PlotPeriod(MOMENT.date(), at) for at in range(60))
    many = {"top": 10, "unasked": 10, "stale": stale * 5, "phrase_candidates": 5}
    return filled(Stats, text, days=3_600, questions=1_234, stretch=60, plot=plot, **many)


def imported(text: str, **given: Any) -> Import:
    refused = (filled(Refusal, text), filled(Refusal, text, line=None)) * 5
    given = {"state": "planned", "upload": "", "live": None} | given
    return filled(Import, text, refused=refused, refusals=99, digest="0123456789abcdef", **given)


def help_reply(text: str) -> Help:
    return filled(Help, text)


def differences(text: Text) -> tuple[FieldDifference, ...]:
    """Return a difference in every field of an entry."""
    return tuple(filled(FieldDifference, text, field=name) for name in NAMES)


def _models(text: str) -> Models:
    view = filled(ModelView, text, neighbours=10)
    unknowing = filled(ModelView, text, neighbours=(), overlap=0.0, rank_correlation=None)
    return filled(Models, text, models=(view, view, unknowing, view))


def _map(text: str) -> Map:
    here = filled(TextPosition, text, sparse=False, nearest=6)
    regions = (filled(Region, text, entries=8),) * 24
    return filled(Map, text, neighbourhoods=regions, here=here, places=(here,))


_LATENT: dict[str, Callable[[str], Explored]] = {
    "comparison": lambda text: filled(Comparison, text, items=(), matrix=()),
    "table": lambda text: filled(Comparison, text, items=6, matrix=((0.5,) * 6,) * 6),
    "shift": lambda text: filled(
        Shift,
        text,
        to_neighbourhood=f"{text}.",
        gained=10,
        lost=10,
        moved=10,
        words=(Word(text, added=True, effect=0.1), Word(text, added=False, effect=0.05)) * 20,
        towards=3,
        tone="premium",
    ),
    "path": lambda text: filled(Path, text, hops=12, straight=7),
    "map": _map,
    "wander": lambda text: filled(RandomWalk, text, stops=20),
    "models": _models,
    "about": lambda text: filled(About, text, neighbourhoods=20),
}
_EDITING: dict[str, Callable[[str], Reply]] = {
    "form": partial(filled, Form),
    "preview": lambda text: filled(Preview, text, nearest=5, mentioned=12),
    "saved": lambda text: filled(Saved, text, change="edited", fields=NAMES, live=False),
    "conflict": lambda text: filled(Conflict, text, removed=False, differences=differences(text)),
    "removal": lambda text: filled(RemovalPreview, text, referring=30),
    "history": lambda text: filled(History, text, state="edited", changes=30),
    "suggested": partial(filled, NewSuggestion),
    "review": lambda text: filled(SuggestionList, text, suggestions=12),
    "suggestion": partial(filled, Review),
    "declined suggestion": partial(filled, SuggestionDeclined),
}
_REPLIES: dict[str, Callable[[str], Reply]] = {
    **_LATENT,
    "neighbours": lambda text: neighbours(text, note=text),
    "sparse": lambda text: neighbours(text, sparse=True, note=text),
    "entry": entry_reply,
    "list": lambda text: filled(EntryList, text, entries=25, page=1, pages=3),
    "explanation": lambda text: filled(Explanation, text, terms=12, undefined=3),
    "answer": answer,
    "declined": lambda text: answer(text, answered=False),
    "senses": lambda text: entry_reply(text, senses=2),
    "plan": lambda text: filled(
        Plan, text, added=1_234, changed=2, unchanged=4, sources=(report(text),)
    ),
    "reindexed": lambda text: filled(
        ReindexResult,
        text,
        before="g000000",
        added=1_234,
        embedded=5_678,
        reused=6,
        seconds=7.5,
        churn=filled(Churn, text, questions=300, changed=7),
        sources=(report(text),),
    ),
    "status": lambda text: filled(Status, text, age=7_200, health=1),
    "stopping": partial(filled, StopRequested),
    "generations": lambda text: filled(GenerationList, text, total=9),
    "rolled back": lambda text: filled(RollbackResult, text, set_aside=30),
    "kept": partial(filled, GenerationKept),
    "exported": lambda text: filled(ExportResult, text, form="csv", lost=1),
    "audit": partial(filled, AuditLog),
    "gaps": gaps,
    "stats": stats,
    "import": imported,
    "imported": lambda text: imported(text, state="applied", live="g000002"),
    "ways request": partial(filled, WaysRequest),
    "ways read": lambda text: filled(WaysRead, text, dropped=30, left=9, stopped_by="server"),
    "ways": lambda text: filled(WayList, text, ways=20, waiting=30, dropped=1),
    "ways decided": lambda text: filled(WaysDecided, text, terms=30, dropped=30),
    **_EDITING,
    "problem": lambda text: filled(Problem, text, suggestions=1, fields=1),
    "help": help_reply,
    "new thread": partial(filled, NewThread),
    "forgotten": partial(filled, UserDataDeleted),
}
EXPLORED, KINDS = tuple(_LATENT), tuple(_REPLIES)


def reply(kind: str, text: str) -> Reply:
    """Return a reply of one of the kinds in `KINDS`."""
    return _REPLIES[kind](text)


def explored(kind: str, text: str) -> Explored:
    """Return a reply of one of the kinds in `EXPLORED`."""
    return _LATENT[kind](text)
