"""Measuring a glossary on judged questions, alone and with the encyclopedia."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from index.errors import SourceError
from index.evaluation.own import AnswerRates, OwnBench, SearchRates, SettingRates, bench_own
from index.search.results import Answer, Citation, Confidence, MatchedPassage, Neighbour, Neighbours
from index.search.similarity import band_of
from tests.support.bundled import replace_bundled
from tests.support.command_line import two_pages
from tests.support.toy import ToyEmbedder

GLOSSARY = """\
Term,Definition,Aliases
Sluice,A gate that lets water through.,water gate
Winch,A drum that hauls in a rope.,
Dredger,A ship that clears mud from the channel.,
"""
ANSWERABLE = (
    {"question": "a drum that hauls in a rope", "entry": "winch"},
    {"question": "which ship clears mud", "entry": "Dredger"},
    {"question": "door against the tide", "entry": "water gate"},
)
UNANSWERABLE = ({"question": "zebras graze"}, {"question": "roast violins"})
WAYS = ({"entry": "Sluice", "ways": ["the door that stops the tide", "door against flood"]},)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a folder to measure, beside an encyclopedia of two pages. A keyword argument replaces
    the rows of a file, and None leaves it out."""
    two_pages(tmp_path)
    replace_bundled(tmp_path / "bundled", monkeypatch.setattr)
    folder = tmp_path / "measured"
    folder.mkdir()

    def write_files(*, glossary: str | None = GLOSSARY, **changed: Any) -> Path:
        if glossary is not None:
            (folder / "glossary.csv").write_text(glossary, encoding="utf-8")
        files = {"answerable": ANSWERABLE, "unanswerable": UNANSWERABLE, "ways": WAYS} | changed
        for name, rows in files.items():
            if rows is not None:
                lines = "".join(json.dumps(row) + "\n" for row in rows)
                (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        return folder

    return write_files


def by_setting(bench: OwnBench) -> dict[str, SettingRates]:
    return {rates.setting: rates for rates in bench.settings}


def hits(*found: tuple[str, float], sparse: bool = False) -> Neighbours:
    """Return a search result with entries of the glossary and their similarities."""
    neighbours = tuple(
        Neighbour(
            id=f"own/{name}",
            term=name,
            category="",
            similarity=similarity,
            rank=rank,
            aliases=(),
            cosine=similarity,
            percentile=50.0,
            band=band_of(similarity),
            match="meaning",
            definition="",
            passage=MatchedPassage("definition", "Definition", ""),
            related=(),
            source="own",
            url=None,
        )
        for rank, (name, similarity) in enumerate(found, start=1)
    )
    return Neighbours(
        generation="g000001",
        model="toy",
        query="",
        sparse=sparse,
        note="",
        neighbours=neighbours,
    )


def citing(*names: str, confidence: Confidence = "sure") -> Answer:
    return Answer(
        generation="g000001",
        model="toy",
        question="",
        answered=bool(names),
        text="",
        citations=tuple(Citation(f"own/{name}", name, "Definition") for name in names),
        confidence=confidence if names else "none",
        sparse=False,
        nearest=(),
        follow_ups=(),
    )


ASKED: dict[str, tuple[str, Neighbours, Answer]] = {
    "found": ("winch", hits(("winch", 0.9), ("sluice", 0.2)), citing("winch")),
    "third": (
        "sluice",
        hits(("winch", 0.85), ("dredger", 0.5), ("sluice", 0.4)),
        citing("sluice", "winch", confidence="not sure"),
    ),
    "missed": ("dredger", hits(("winch", 0.1), ("sluice", 0.1), sparse=True), citing()),
    "declined": ("dredger", hits(("dredger", 0.7)), citing()),
    "second cited": ("winch", hits(("sluice", 0.6), ("winch", 0.5)), citing("sluice", "winch")),
    "empty": ("", hits(sparse=True), citing()),
    "mistaken": ("", hits(("winch", 0.8)), citing("winch", confidence="quite sure")),
    "hedged": ("", hits(("winch", 0.79)), citing("winch", confidence="not sure")),
}


@pytest.fixture
def canned() -> Iterator[list[str | None]]:
    """Answer the questions of `ASKED` as given there, and yield the sources that are searched."""
    sources: list[str | None] = []

    def near(_: object, __: object, text: str, limit: int, *, source: str | None) -> Neighbours:
        sources.append(source)
        return ASKED[text][1]

    with (
        patch("index.evaluation.own.near", near),
        patch("index.evaluation.own.answer", lambda _, __, text: ASKED[text][2]),
    ):
        yield sources


def test_right_and_wrong_results_are_counted(
    write: Write, toy: ToyEmbedder, canned: list[str | None]
) -> None:
    rows = [(text, entry) for text, (entry, _, _) in ASKED.items()]
    folder = write(
        answerable=[{"question": text, "entry": entry} for text, entry in rows if entry],
        unanswerable=[{"question": text} for text, entry in rows if not entry],
    )
    bench = bench_own(folder, toy)
    # These values were worked out by hand.
    search = SearchRates(
        first=0.4,
        among_three=0.8,
        wrongly_empty=0.2,
        rightly_empty=0.3333,
        high=3,
        high_and_right=1,
        right=2,
    )
    answers = AnswerRates(
        right=2,
        right_unhedged=1,
        declined=2,
        declined_though_first=1,
        wrong_unhedged=2,
        rightly_declined=1,
    )
    assert bench.settings == (
        SettingRates("alone", search, answers),
        SettingRates("mixed", search, answers),
        SettingRates("from", search, None),
    )
    assert (bench.answerable, bench.unanswerable) == (5, 3)
    assert canned == [*[None] * 16, *["own"] * 8]


def test_a_glossary_is_measured_alone_with_the_encyclopedia_and_by_its_name(
    write: Write, toy: ToyEmbedder
) -> None:
    steps: list[tuple[str, int, int]] = []
    bench = bench_own(write(), toy, lambda *step: steps.append(step))
    assert (bench.model, bench.data, bench.entries, bench.ways) == ("toy", "measured", 3, 2)
    assert (bench.answerable, bench.unanswerable) == (3, 2)
    rates = by_setting(bench)
    assert list(rates) == ["alone", "mixed", "from"]
    for one in rates.values():
        assert (one.search.first, one.search.rightly_empty) == (1, 1)
    alone, mixed, within = (rates[name].answers for name in ("alone", "mixed", "from"))
    assert alone is not None
    assert mixed is not None
    assert within is None
    assert (alone.right, alone.rightly_declined) == (2, 2)
    for setting in rates:
        assert (f"Asking questions ({setting})", 5, 5) in steps


def test_the_encyclopedia_is_searched_too_unless_the_glossary_is_named(
    write: Write, toy: ToyEmbedder
) -> None:
    """In the encyclopedia, an anchor is an iron hook that holds a ship."""
    asked = [{"question": "an iron hook that holds a ship", "entry": "dredger"}]
    rates = by_setting(bench_own(write(answerable=asked), toy))
    assert {name: one.search.first for name, one in rates.items()} == {
        "alone": 1,
        "mixed": 0,
        "from": 1,
    }


def test_ways_to_ask_are_used_unless_they_are_left_out(write: Write, toy: ToyEmbedder) -> None:
    folder = write(answerable=ANSWERABLE[2:])
    found = {ways: bench_own(folder, toy, with_ways=ways) for ways in (True, False)}
    assert {ways: bench.ways for ways, bench in found.items()} == {True: 2, False: 0}
    for setting in ("alone", "mixed", "from"):
        with_ways, without = (by_setting(found[ways])[setting].search for ways in (True, False))
        assert (with_ways.first, with_ways.wrongly_empty) == (1, 0)
        assert without.wrongly_empty == 1


def test_a_folder_without_ways_to_ask_or_unanswerable_questions_is_measured(
    write: Write, toy: ToyEmbedder
) -> None:
    bench = bench_own(write(ways=None, unanswerable=None), toy)
    assert (bench.ways, bench.unanswerable) == (0, 0)
    assert by_setting(bench)["alone"].search.rightly_empty == 0


def test_a_glossary_may_be_a_folder(write: Write, toy: ToyEmbedder) -> None:
    folder = write(glossary=None)
    (folder / "glossary").mkdir()
    (folder / "glossary" / "terms.csv").write_text(GLOSSARY, encoding="utf-8")
    assert bench_own(folder, toy).entries == 3


def test_a_folder_without_a_glossary_is_reported(write: Write, toy: ToyEmbedder) -> None:
    with pytest.raises(SourceError, match=r'no file or folder .* begins with "glossary"'):
        bench_own(write(glossary=None), toy)


def test_a_folder_with_two_glossaries_is_reported(write: Write, toy: ToyEmbedder) -> None:
    folder = write()
    (folder / "glossary.old.csv").write_text(GLOSSARY, encoding="utf-8")
    with pytest.raises(SourceError, match=r'several files .* begin with "glossary"'):
        bench_own(folder, toy)


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        (
            "answerable",
            {"question": "x", "entry": "whale"},
            r'answerable.jsonl:2: the index has no entry "whale"',
        ),
        (
            "ways",
            {"entry": "whale", "ways": ["x"]},
            r'ways.jsonl:2: the glossary has no entry "whale"',
        ),
        ("ways", {"entry": "winch", "ways": "x"}, r'ways.jsonl:2: .*"ways": .*valid array'),
        ("unanswerable", {"question": ""}, r'unanswerable.jsonl:2: .*"question"'),
    ],
)
def test_an_invalid_line_is_reported_with_its_number(
    write: Write, toy: ToyEmbedder, file: str, row: Any, message: str
) -> None:
    valid = {"answerable": ANSWERABLE, "ways": WAYS, "unanswerable": UNANSWERABLE}[file][0]
    with pytest.raises(SourceError, match=message):
        bench_own(write(**{file: [valid, row]}), toy)


def test_an_entry_of_the_encyclopedia_is_no_right_entry(write: Write, toy: ToyEmbedder) -> None:
    with pytest.raises(SourceError, match='no entry "anchor"'):
        bench_own(write(answerable=[{"question": "x", "entry": "anchor"}]), toy)


@pytest.mark.parametrize(("rows", "message"), [(None, "does not exist"), ([], "no questions")])
def test_missing_questions_are_reported(
    write: Write, toy: ToyEmbedder, rows: Any, message: str
) -> None:
    with pytest.raises(SourceError, match=f"answerable.jsonl.*{message}"):
        bench_own(write(answerable=rows), toy)
