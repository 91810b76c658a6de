"""Ranking: which entries are near a text, and that each has one similarity in every list."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.assistant import Assistant
from bot.replies.base import as_json
from index.editing.preview import preview
from index.entry import Entry, Mention, Question, Related
from index.indexing.reindex import SourceContent, reindex
from index.search import ranking, retrieval
from index.search.define import define
from index.search.explore.compare import compare
from index.search.explore.map import map_of
from index.search.explore.path import path
from index.search.near import near
from index.search.results import Neighbour
from index.search.similarity import entry_similarity
from index.storage import Generation, Store
from index.storage.lexical.bm25 import words_of
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

PHRASES = ("knob that takes the loop at the pier", "where they throw the noose ashore")
BOLLARD = Entry(
    id="bollard",
    term="Bollard",
    definition="A short iron post on the quay that a rope is laid around.",
    category="Ground tackle",
    related=(Related("Hawser", "the rope around it"),),
    faq=tuple(
        Question(f"Is bollard number {at} painted?", f"Yes, number {at} is white.")
        for at in range(120)
    ),
    search_phrases=PHRASES,
    source="port",
)
ENTRIES = [*harbour(), BOLLARD]
TERMS = [entry.term for entry in ENTRIES]
FOREIGN = ["zebra", "violin", "marzipan", "offside", "sonata"]
VOCABULARY = sorted(
    {
        *FOREIGN,
        *(word for entry in harbour() for word in words_of(f"{entry.term} {entry.definition}")),
        *("bollard", "painted", "knob", "noose", "hawserr", "lighthuose"),
    }
)
TEXTS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=7).map(" ".join)
NAMES = st.sampled_from(TERMS)
quick = settings(max_examples=settings().max_examples // 4)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The harbour, and an entry of another source with many passages and search phrases."""
    directory: Path = tmp_path_factory.mktemp("ranking")
    store = Store(directory)
    reindex(store, SourceContent(ENTRIES), ToyEmbedder())
    yield store
    store.close()


@pytest.fixture(scope="module")
def generation(store: Store) -> Iterator[Generation]:
    with store.reading() as generation:
        yield generation


def similarities(found: tuple[Neighbour | Mention, ...]) -> list[float]:
    return [item.similarity for item in found if item.similarity is not None]


def is_descending(found: tuple[Neighbour | Mention, ...]) -> bool:
    return all(0 <= after <= before <= 1 for before, after in pairwise(similarities(found)))


def limits(generation: Generation) -> list[dict[str, object]]:
    """All ways to limit a list."""
    ways: list[dict[str, object]] = [{"limit": count} for count in (1, 3, 10, 13, 30)]
    ways += [{"category": one, "limit": n} for one in generation.categories for n in (2, 13)]
    ways += [{"source": one, "limit": n} for one in generation.sources for n in (2, 30)]
    return ways


@quick
@given(one=st.one_of(TEXTS, NAMES), other=st.one_of(TEXTS, NAMES))
def test_exploration_lists_are_sorted_by_similarity(
    generation: Generation, one: str, other: str
) -> None:
    toy = ToyEmbedder()
    comparison = compare(generation, toy, [one, other])
    for found in (comparison.shared, comparison.only_a, comparison.only_b):
        assert is_descending(found)
    for here in map_of(generation, toy, [one, other]).places:
        assert is_descending(here.nearest)
    assert is_descending(
        preview(generation, toy, Entry("draft", "Draft", f"{one} {other}")).nearest
    )


class SecondLook:
    """Stands for the token vectors: the later an entry, the more similar is any text."""

    def similarities(self, text: str, numbers: Sequence[int]) -> NDArray[np.float32]:
        return np.array([0.7 + 0.01 * number for number in numbers], dtype=np.float32)


@pytest.mark.parametrize("candidates", ["as they are", "few", "few, with a second look"])
@quick
@given(text=st.one_of(TEXTS, NAMES))
@example(text="Anchor")
@example(text="hook")
@example(text="violin sonata")
def test_the_similarity_of_an_entry_to_a_text_does_not_depend_on_limits(
    generation: Generation, candidates: str, text: str
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        if "second look" in candidates:
            patched.setitem(vars(generation), "tokens", SecondLook())
        if candidates.startswith("few"):
            patched.setattr(retrieval, "MAX_COMPARED_PASSAGES", 0)
            patched.setattr(retrieval, "CANDIDATE_PASSAGES", 9)
            patched.setattr(ranking, "CANDIDATE_ENTRIES", 2)
            patched.setattr(ranking, "LONG", 2)
        known: dict[str, float] = {}
        for limit in limits(generation):
            reply = near(generation, ToyEmbedder(), text, **limit)  # type: ignore[arg-type]
            assert is_descending(reply.neighbours)
            for found in reply.neighbours:
                assert found.similarity == known.setdefault(found.id, found.similarity), limit


def test_a_second_look_changes_the_order_of_the_first_entries_only(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "iron hook floor ship tower rope"
    monkeypatch.setattr(ranking, "LINK_SHARE", 0)
    monkeypatch.setattr(ranking, "RERANKED", 4)
    monkeypatch.setattr(ranking, "TOKEN_WEIGHT", 1_000)

    def found() -> list[str]:
        reply = near(generation, ToyEmbedder(), text, 30, source="harbour")
        return [one.id for one in reply.neighbours]

    before = found()
    monkeypatch.setitem(vars(generation), "tokens", SecondLook())
    after = found()
    assert after[:4] == sorted(before[:4], key=generation.ids.index, reverse=True)
    assert set(after[4:]) == set(before[4:])


def test_a_limit_truncates_a_list(generation: Generation) -> None:
    whole = [item.id for item in near(generation, ToyEmbedder(), "ships and rope", 13).neighbours]
    for limit in range(1, 13):
        found = near(generation, ToyEmbedder(), "ships and rope", limit).neighbours
        assert [item.id for item in found] == whole[:limit]
        assert [item.rank for item in found] == list(range(1, limit + 1))


@quick
@given(one=NAMES, other=NAMES)
def test_the_similarity_of_two_entries_is_the_same_everywhere(
    generation: Generation, one: str, other: str
) -> None:
    toy = ToyEmbedder()
    entries = {entry.term: entry for entry in generation.entries.values()}
    a, b = entries[one].id, entries[other].id
    figure = entry_similarity(generation, a, b)
    assert entry_similarity(generation, b, a) == figure
    assert compare(generation, toy, [one, other]).similarity == figure
    assert compare(generation, toy, [other, one]).similarity == figure
    if a == b:
        assert figure == 1
    shown: list[Neighbour | Mention] = [
        *near(generation, toy, one, 13).neighbours,
        *define(generation, toy, one).neighbours,
        *map_of(generation, toy, [one]).places[0].nearest,
    ]
    assert {item.similarity for item in shown if item.id == b} <= {figure}
    for before, after in pairwise(path(generation, toy, one, other).hops):
        assert after.similarity == entry_similarity(generation, before.id, after.id)


def test_a_link_raises_the_similarity_of_two_entries(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = entry_similarity(generation, "bollard", "hawser")
    monkeypatch.setitem(generation.links, "bollard", {})
    assert entry_similarity(generation, "bollard", "hawser") < linked


@quick
@given(text=TEXTS)
@example(text="violin sonata")
@example(text="zebra")
@example(text="a a is")
def test_no_entry_is_close_to_an_out_of_domain_query(generation: Generation, text: str) -> None:
    replies = [near(generation, ToyEmbedder(), text, **limit) for limit in limits(generation)]  # type: ignore[arg-type]
    by_limits: dict[str, set[bool]] = {}
    for reply in replies:
        by_limits.setdefault(reply.within, set()).add(reply.sparse)
    assert all(len(values) == 1 for values in by_limits.values()), "not a matter of the count"
    for reply in replies:
        assert reply.sparse or by_limits[""] == {False}, "no part covers more than the whole"
        if reply.sparse:
            assert reply.neighbours[0].band in ("related", "far")
            assert reply.note.startswith("The closest is ")


@quick
@given(name=NAMES, word=st.sampled_from(FOREIGN), before=st.booleans())
def test_a_text_that_is_mainly_a_name_is_in_domain(
    generation: Generation, name: str, word: str, before: bool
) -> None:
    text = f"{word} {name}" if before else f"{name} {word}"
    assert not near(generation, ToyEmbedder(), text).sparse


def test_a_search_phrase_finds_its_entry_and_is_never_shown(
    store: Store, generation: Generation
) -> None:
    desk = Assistant(store, ToyEmbedder())
    for phrase in PHRASES:
        text = " ".join(reversed(phrase.split()))  # the same vector to the toy, but another text
        first = near(generation, ToyEmbedder(), text).neighbours[0]
        assert first.id == "bollard"
        assert first.cosine == pytest.approx(1, abs=1e-4)
        assert first.passage.kind != "phrase"
        for line in (
            f"/near {text}",
            text,
            "/near bollard",
            "what is a bollard?",
            "/define bollard",
        ):
            output = as_json(desk.ask(line))
            assert not any(one in output for one in PHRASES), line
