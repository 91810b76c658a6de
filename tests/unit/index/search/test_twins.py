"""Twins: a term in both the bundled encyclopedia and another source. The other entry takes
precedence."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.entry import Entry, Related
from index.indexing.reindex import SourceContent, reindex
from index.search.answers.answer import answer
from index.search.browse import PageRef, contents, entry_page
from index.search.define import define
from index.search.explore.about import about
from index.search.explore.map import map_of
from index.search.explore.path import path
from index.search.explore.random_walk import wander
from index.search.near import near
from index.sources.source import BUNDLED, WRITTEN
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

OWN = "written/hawser"
TOY = ToyEmbedder()


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """The harbour as the bundled encyclopedia, with own entries on a hawser (little text) and on a
    buoy (the same text)."""
    bundled = [replace(entry, source=BUNDLED) for entry in harbour()]
    own = Entry(OWN, "HAWSER", "Our line of steel.", source=WRITTEN, category="Own")
    same = replace(harbour()[1], id="written/buoy", source=WRITTEN)
    other = Entry("words/sail", "Sail", "A cloth.", source="words", related=(Related("Quay", ""),))
    store = Store(tmp_path_factory.mktemp("twins"))
    reindex(
        store, SourceContent([*bundled, own, same, other], encyclopedia="digest"), ToyEmbedder()
    )
    yield store.current()
    store.close()


def ids(generation: Generation, query: str, **options: object) -> list[str]:
    reply = near(generation, TOY, query, 20, **options)  # type: ignore[arg-type]
    return [neighbour.id for neighbour in reply.neighbours]


@pytest.mark.parametrize("name", ["hawser", "Hawsers", "hawzer", "what is a hawser?", OWN])
def test_a_shared_term_resolves_to_the_glossary_entry(generation: Generation, name: str) -> None:
    assert ids(generation, name)[0] == OWN
    assert "hawser" not in ids(generation, name)
    reply = define(generation, TOY, name)
    assert (reply.entry.id, reply.also_in) == (OWN, (BUNDLED,))
    assert "hawser" not in [neighbour.id for neighbour in reply.neighbours]


@pytest.mark.parametrize("query", ["thick rope for towing", "ships and cargo", "Anchor", "Sail"])
def test_a_shared_term_is_listed_once(generation: Generation, query: str) -> None:
    found = ids(generation, query)
    assert OWN in found
    assert "hawser" not in found
    assert "hawser" not in ids(generation, query, category="tackle")
    assert OWN not in ids(generation, query, source=BUNDLED)
    assert "hawser" in ids(generation, query, source=BUNDLED)


def test_text_of_the_bundled_entry_finds_the_glossary_entry(generation: Generation) -> None:
    reply = near(generation, TOY, "thick rope for towing", 20)
    first = reply.neighbours[0]
    assert (first.id, first.definition) == (OWN, "Our line of steel.")
    twin = near(generation, TOY, "thick rope for towing", 1, source=BUNDLED).neighbours[0]
    assert (twin.id, twin.similarity) == ("hawser", first.similarity)


def test_the_bundled_entry_is_found_when_its_source_is_requested(generation: Generation) -> None:
    reply = define(generation, TOY, "Hawser", BUNDLED)
    assert (reply.entry.id, reply.also_in) == ("hawser", (WRITTEN,))
    assert ids(generation, "Hawser", source=BUNDLED)[0] == "hawser"
    assert define(generation, TOY, "Hawser", WRITTEN).entry.id == OWN


def test_a_term_that_is_an_alias_elsewhere_names_the_other_source(tmp_path: Path) -> None:
    bundled = [replace(entry, source=BUNDLED) for entry in harbour()]
    hook = Entry(
        "words/hook", "Hook", "A bent piece of metal.", source="words", aliases=("gantry",)
    )
    store = Store(tmp_path)
    reindex(store, SourceContent([*bundled, hook], encyclopedia="digest"), ToyEmbedder())
    reply = define(store.current(), TOY, "hook")
    assert (reply.entry.id, reply.also_in) == ("words/hook", (BUNDLED,))
    assert define(store.current(), TOY, "gantry").also_in == ()  # by an alias of both
    reply = define(store.current(), TOY, "hook", BUNDLED)
    assert (reply.entry.id, reply.also_in) == ("anchor", ())
    store.close()


@pytest.mark.parametrize("asked", ["what is a hawser?", "hawsers", "define HAWSER", "hawzer"])
def test_the_definition_of_the_glossary_is_followed_by_that_of_the_encyclopedia(
    generation: Generation, asked: str
) -> None:
    reply = answer(generation, TOY, asked)
    own, bundled = reply.text.split("\n\n")
    assert own == "HAWSER: Our line of steel."
    assert bundled.startswith("In the encyclopedia: Hawser: A thick rope")
    assert [(one.id, one.heading) for one in reply.citations] == [
        (OWN, "Definition"),
        ("hawser", "Definition"),
    ]


def test_an_entry_that_hides_no_other_is_defined_alone(generation: Generation) -> None:
    for asked, entry_id in (("what is a sail?", "words/sail"), ("what is a quay?", "quay")):
        reply = answer(generation, TOY, asked)
        assert "In the encyclopedia" not in reply.text
        assert [one.id for one in reply.citations] == [entry_id]


def test_an_alias_of_a_glossary_and_of_the_encyclopedia_is_defined_by_both(tmp_path: Path) -> None:
    bundled = [replace(entry, source=BUNDLED) for entry in harbour()]
    hook = Entry(
        "words/hook", "Hook", "A bent piece of metal.", source="words", aliases=("gantry",)
    )
    third = replace(hook, id="other/bow", term="Bow", source="other", definition="A bent rod.")
    store = Store(tmp_path)
    content = SourceContent([*bundled, hook, third], encyclopedia="digest")
    reindex(store, content, ToyEmbedder())
    texts = answer(store.current(), TOY, "what is a gantry?").text.split("\n\n")
    assert texts[0] == "Hook: A bent piece of metal."
    assert {text.partition(": ")[0] for text in texts[1:]} == {"In other", "In the encyclopedia"}
    assert answer(store.current(), TOY, "what is a crane?").text.startswith("Crane: A tall")
    store.close()


def test_a_shared_term_occurs_once_in_lists_on_the_map_and_in_walks(generation: Generation) -> None:
    pages = [entry_page(generation, PageRef("all", "", number)) for number in (1, 2)]
    every = [item for found in pages for item in found.entries]
    assert [item.id for item in every if item.term.casefold() == "hawser"] == [OWN]
    assert contents(generation).entries == len(every) == len(generation.entries) - 2
    assert "Hawser" not in answer(generation, TOY, "list all ground tackle").text
    nearest = answer(generation, TOY, "thick rope for towing?").nearest
    assert "hawser" not in [item.id for item in nearest]
    chart = map_of(generation, TOY, ["thick rope for towing"])
    assert generation.number_of["hawser"] not in chart.shown
    assert OWN in [item.id for item in chart.places[0].nearest]
    assert "hawser" not in [item.id for item in chart.places[0].nearest]
    stops = wander(generation, TOY, "rope", temperature=1.0, seed=1, steps=20).stops
    assert {OWN} == {stop.id for stop in stops if stop.term.casefold() == "hawser"}
    assert "buoy" not in [hop.id for hop in path(generation, TOY, "buoy", "quay").hops]
    closest = [item.id for pair in about(generation).closest for item in (pair.a, pair.b)]
    assert not {"buoy", "hawser"} & set(closest)
