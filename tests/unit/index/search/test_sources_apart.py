"""Each source is ranked for itself: what it finds does not depend on the other sources."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from index.entry import Entry, Question
from index.indexing.reindex import SourceContent, reindex
from index.search.near import near
from index.search.results import Neighbour, Neighbours
from index.sources.source import BUNDLED
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

BAKERY = [
    Entry("bakery/levain", "Levain", "A sour dough that lifts bread without yeast."),
    Entry("bakery/proofing", "Proofing", "The rest in which dough rises before the oven."),
    Entry(
        "bakery/crumb",
        "Crumb",
        "The soft inside of bread.",
        faq=(Question("Why is it dense?", "The dough had too little rest."),),
    ),
]
BAKERY = [replace(entry, source="bakery") for entry in BAKERY]
OF_HARBOUR = (
    "an iron hook on the floor of the sea",
    "which tall machine lifts cargo",
    "where do ships lie at night",
    "a lamp that shows sailors the coast",
)
OF_BAKERY = ("dough that rises without yeast", "why is the inside of my bread dense", "oven rest")
OF_NEITHER = ("a violin sonata in the rain", "zebra marzipan")
TEXTS = OF_HARBOUR + OF_BAKERY + OF_NEITHER


@contextmanager
def indexed(folder: Path, entries: Sequence[Entry], encyclopedia: str = "") -> Iterator[Generation]:
    store = Store(folder)
    reindex(store, SourceContent(entries, encyclopedia=encyclopedia), ToyEmbedder())
    with store.reading() as generation:
        yield generation
    store.close()


@dataclass(frozen=True)
class Indexes:
    """The harbour (12 entries) and the bakery (3 entries), each alone, and both in one index."""

    harbour: Generation
    bakery: Generation
    both: Generation

    def alone(self, source: str) -> Generation:
        return self.harbour if source == "harbour" else self.bakery


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexes]:
    contents = {"harbour": harbour(), "bakery": BAKERY, "both": [*harbour(), *BAKERY]}
    with ExitStack() as stack:
        yield Indexes(
            **{
                name: stack.enter_context(indexed(tmp_path_factory.mktemp(name), entries))
                for name, entries in contents.items()
            }
        )


def search(generation: Generation, text: str, source: str | None = None) -> Neighbours:
    return near(generation, ToyEmbedder(), text, 20, source=source)


def shown(found: Sequence[Neighbour]) -> list[tuple[object, ...]]:
    """Return what a list shows of each entry, except its rank."""
    return [(one.id, one.similarity, one.band, one.match, one.passage, one.cosine) for one in found]


@pytest.mark.parametrize("source", ["harbour", "bakery"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_named_source_is_searched_as_if_it_were_alone(
    indexes: Indexes, text: str, source: str
) -> None:
    within = search(indexes.both, text, source)
    alone = search(indexes.alone(source), text)
    assert shown(within.neighbours) == shown(alone.neighbours)
    assert within.sparse == alone.sparse


@pytest.mark.parametrize("text", TEXTS)
def test_sources_are_merged_by_the_similarities_that_they_have_alone(
    indexes: Indexes, text: str
) -> None:
    merged = search(indexes.both, text)
    alone = [search(indexes.alone(source), text) for source in ("harbour", "bakery")]
    every = [item for reply in alone for item in shown(reply.neighbours)]
    assert sorted(shown(merged.neighbours), key=str) == sorted(every, key=str)
    similarities = [one.similarity for one in merged.neighbours]
    assert similarities == sorted(similarities, reverse=True)
    assert merged.sparse == all(reply.sparse for reply in alone)


@pytest.mark.parametrize("text", OF_HARBOUR)
def test_a_wrong_entry_of_a_small_source_does_not_gain_by_a_large_other_source(
    indexes: Indexes, text: str
) -> None:
    found = search(indexes.both, text).neighbours
    wrong = [one for one in found if one.source == "bakery"]
    expected = {one.id: one.similarity for one in search(indexes.bakery, text).neighbours}
    assert {one.id: one.similarity for one in wrong} == expected
    assert {one.band for one in wrong} == {"far"}
    assert [one.source for one in found[:3]] == ["harbour"] * 3


@pytest.mark.parametrize("text", OF_BAKERY)
def test_the_right_entry_of_a_small_source_precedes_the_entries_of_a_large_one(
    indexes: Indexes, text: str
) -> None:
    found = search(indexes.both, text)
    assert found.neighbours[0].source == "bakery"
    assert not found.sparse
    assert search(indexes.both, text, "harbour").sparse


def test_entries_in_a_category_of_two_sources_have_the_similarities_of_their_sources(
    tmp_path: Path,
) -> None:
    entries = [replace(one, category="All") for one in (*harbour(), *BAKERY)]
    with indexed(tmp_path, entries) as generation:
        for text in TEXTS:
            whole = shown(search(generation, text).neighbours)
            within = near(generation, ToyEmbedder(), text, 20, category="All").neighbours
            assert shown(within) == whole


ENCYCLOPEDIA = [replace(entry, source=BUNDLED) for entry in harbour()]


def test_where_an_own_glossary_covers_a_text_too_its_entry_precedes_the_bundled_one(
    tmp_path: Path,
) -> None:
    """The own entries have the same texts as the bundled ones, but other names."""
    own = [
        replace(
            entry,
            id=f"port/{at}",
            term=f"Thing {at}",
            aliases=(),
            related=(),
            sections=(),
            faq=(),
            source="port",
        )
        for at, entry in enumerate(ENCYCLOPEDIA)
    ]
    text = "a thick rope for mooring or towing"
    with indexed(tmp_path, [*ENCYCLOPEDIA, *own], "digest") as generation:
        first, second = search(generation, text).neighbours[:2]
        assert (first.id, second.id) == ("port/7", "hawser")
        assert first.similarity > second.similarity


def test_the_encyclopedia_is_searched_as_if_alone_where_no_own_glossary_covers_the_text(
    tmp_path: Path,
) -> None:
    with (
        indexed(tmp_path / "alone", ENCYCLOPEDIA, "digest") as alone,
        indexed(tmp_path / "both", [*BAKERY, *ENCYCLOPEDIA], "digest") as both,
    ):
        for text in ("iron hook sea floor", "tall machine lifts cargo", "lamp shows sailors coast"):
            assert search(both, text, "bakery").sparse
            expected = shown(search(alone, text).neighbours)
            assert shown(search(both, text, BUNDLED).neighbours) == expected
            found = [one for one in search(both, text).neighbours if one.source == BUNDLED]
            assert shown(found) == expected
