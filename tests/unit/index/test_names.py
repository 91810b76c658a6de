import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.names import NameMatch, Names, name_key
from tests.unit.index.tables import rows

NAMES = st.one_of(st.text(), st.text(alphabet="ab &;.-_/'\"mpAİﬁ+#’", max_size=12))


def ids(found: list[NameMatch]) -> list[str]:
    return [named.entry_id for named in found]


@pytest.fixture
def names() -> Names:
    return Names(rows(__file__, "entries"))


@pytest.mark.parametrize(("key", "spellings"), rows(__file__, "spellings"))
def test_all_spellings_of_a_name_have_the_same_key(key: str, spellings: tuple[str, ...]) -> None:
    assert {name_key(one) for one in spellings} == {key}


def test_names_that_differ_in_a_symbol_have_different_keys() -> None:
    apart = "C | C++ | C# | T&M | TM | GPT-3.5 | GPT-35 | node.js | nodejs | k-means | kmeans"
    keys = {name_key(name) for name in apart.split(" | ")}
    assert len(keys) == apart.count("|") + 1


@given(NAMES)
@example("&amp;amp;")
@example("&AmP")
@example("&AmP;OHM;")
@example("＆amp;")
@example("-.a")
@example("_a.b")
@example("a_a.a._a")
def test_name_key_is_idempotent(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize(("found", "texts"), rows(__file__, "asked"))
def test_a_name_or_a_question_about_it_resolves_to_its_entry(
    names: Names, found: str, texts: tuple[str, ...]
) -> None:
    for text in texts:
        first = names.resolve(text)[0]
        assert f"{first.entry_id} {first.match}" == found, text


@pytest.mark.parametrize("asked", ["", "  ", "?!", "D", "TM", "generation", "\x00"])
def test_an_unknown_name_matches_no_entry(names: Names, asked: str) -> None:
    assert names.find_exact(asked) == []


def test_a_match_by_term_precedes_a_match_by_alias(names: Names) -> None:
    found = [(named.entry_id, named.match) for named in names.find_exact("prompt")]
    assert found == [("prompt", "exact"), ("system-prompt", "alias")]


@pytest.mark.parametrize(
    "asked", ["why does my agent forget things", "is temperature like creativity", "what is it", ""]
)
def test_a_question_with_more_than_a_name_does_not_resolve(names: Names, asked: str) -> None:
    assert names.resolve(asked) == []


def test_names_found_in_a_text_have_their_share_of_its_content_words(names: Names) -> None:
    assert names.find_in("what is the temperature") == {"temperature": 1.0}
    found = names.find_in("why does the kv cache grow with my batch")
    assert found == {"kv-cache": 2 / 5, "batch": 1 / 5}
    assert names.find_in("what is the") == {}


def test_equally_near_names_are_sorted_by_their_number_of_meanings() -> None:
    names = Names([("a", "CARES", []), ("b", "CASES", []), ("c", "CASES", []), ("d", "CAMPS", [])])
    assert ids(names.resolve("CAXES")) == ["b", "c", "a"]


def test_each_word_of_a_misspelt_name_has_few_mistakes() -> None:
    names = Names([("a", "Text embedding", [])])
    assert ids(names.resolve("tetx embeding")) == ["a"]
    assert names.resolve("the best embedding") == []


def test_suggestions_are_similar_names_up_to_the_limit(names: Names) -> None:
    assert "temperature" in ids(names.suggest("temperature of sampling"))
    assert len(names.suggest("prompt", limit=2)) == 2
    assert names.suggest("zzzzzzzz") == []
    assert (
        Names([("ai", "AI", []), ("ab", "A/B testing", [])]).suggest("how to roast an airship")
        == []
    )


@pytest.mark.parametrize(("text", "mainly"), rows(__file__, "mainly named"))
def test_a_text_is_mainly_names_if_they_cover_half_of_its_words(text: str, mainly: bool) -> None:
    names = Names(
        [
            ("rag", "Retrieval-augmented generation", ("RAG",)),
            ("hallucination", "Hallucination", ()),
            ("temperature", "Temperature", ()),
        ]
    )
    assert names.mainly_names(text) is mainly


def test_the_entries_that_a_text_is_about_are_returned() -> None:
    names = Names(
        [
            ("kv-cache", "KV cache", ()),
            ("rag", "Retrieval-augmented generation", ("RAG",)),
            ("temperature", "Temperature", ()),
        ]
    )
    assert names.main_names_in("RAG or temperature?") == ["rag", "temperature"]
    long = "at which temperature does the kv cache of my oven, with a RAG, roast potatoes"
    assert names.main_names_in(long) == ["kv-cache", "rag"], "not by a single common word"
    assert names.main_names_in("roast potatoes") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("guardrail", "guardrails"),
        ("what is a Guardrail?", "guardrails"),
        ("safety filter", "guardrails"),
        ("policy", "policies"),
        ("batch", "batches"),
    ],
)
def test_a_singular_finds_a_plural_name(asked: str, found: str) -> None:
    names = Names(
        [
            ("guardrails", "Guardrails", ("safety filters",)),
            ("policies", "Policies", ()),
            ("batches", "Batches", ()),
        ]
    )
    assert ids(names.resolve(asked)) == [found]
    assert names.resolve(asked)[0].match in ("exact", "alias")


def test_a_singular_finds_the_name_in_the_singular_first() -> None:
    names = Names([("plural", "Agents", ()), ("singular", "Agent", ())])
    assert ids(names.find_exact("agent")) == ["singular"]
    assert ids(names.find_exact("agents")) == ["plural"]


@pytest.mark.parametrize("asked", ["ha", "cat", "polic"])
def test_a_short_or_other_word_is_no_singular_of_a_name(asked: str) -> None:
    names = Names([("has", "HAS", ()), ("cats", "CATS", ()), ("policies", "Policies", ())])
    assert names.find_exact(asked) == []


@pytest.mark.parametrize(("text", "completed"), rows(__file__, "pairs"))
def test_the_first_of_two_names_that_share_their_last_words_is_completed(
    text: str, completed: str
) -> None:
    names = Names(
        [
            ("horizontal", "Horizontal scaling", ()),
            ("vertical", "Vertical scaling", ()),
            ("zero", "Zero-shot prompting", ()),
            ("few", "Few-shot prompting", ()),
            ("strict", "Strict read consistency", ()),
            ("eventual", "Eventual read consistency", ()),
        ]
    )
    assert names.complete_pairs(text) == completed


@pytest.mark.parametrize("word", ["merger", "Merges", "crate"])
def test_an_english_word_is_not_taken_for_a_misspelt_name(word: str) -> None:
    names = Names([("merged", "Merged", ()), ("crane", "Crane", ())])
    assert names.find_misspelt(word) == []
    assert names.correct(f"our {word} here", lambda _: False) == f"our {word} here"


def test_an_english_word_of_a_longer_name_is_not_corrected() -> None:
    names = Names([("text", "Text embedding", ()), ("merged", "Merged", ())])
    assert names.resolve("test embedding") == []
    assert ids(names.resolve("text embeding")) == ["text"]
    assert ids(names.resolve("mergd")) == ["merged"]


KNOWN = {"token", "tokens", "prompted", "queries", "harbour"}


@pytest.mark.parametrize(("text", "corrected"), rows(__file__, "misspelt"))
def test_misspelt_words_of_names_are_corrected_inside_a_text(
    names: Names, text: str, corrected: str
) -> None:
    assert names.correct(text, KNOWN.__contains__) == corrected


@given(st.text())
def test_correction_is_idempotent(text: str) -> None:
    names = Names([("t", "Temperature", []), ("p", "Prompt", []), ("q", "Query", ["C++"])])
    once = names.correct(text, lambda _: False)
    assert names.correct(once, lambda _: False) == once


def test_names_of_an_overridden_entry_resolve_to_the_overriding_entry() -> None:
    names = Names(
        [("own/rag", "RAG", ()), ("own/token", "Sub-word", ("chunk",))],
        [("rag", "Rag", ("grounding",)), ("token", "Token", ("chunk",))],
    )
    assert names.twins == {"rag": "own/rag"}
    assert ids(names.find_exact("rag")) == ids(names.find_exact("grounding")) == ["own/rag"]
    assert ids(names.find_exact("chunk")) == ["own/token", "token"]
    assert ids(names.find_exact("token")) == ["token"]


@pytest.mark.parametrize("text", ["temprature " * 730, "x" * 8_000, "temprature-" * 730])
def test_long_texts_are_corrected_within_the_time_limit(text: str) -> None:
    names = Names([(f"e{at}", f"Temperature number{at} of{at * at}", []) for at in range(400)])
    names.correct("warm", lambda _: False)
    before = time.thread_time()
    names.correct(text, lambda _: False)
    assert time.thread_time() - before < 0.5


def test_a_long_text_is_compared_with_many_names_within_the_time_limit() -> None:
    names = Names([(f"e{at}", f"Temperature number{at} of{at * at}", []) for at in range(5_000)])
    before = time.thread_time()
    assert names.suggest("Temperature number7 of49 " + "ΐ" * 8_000)
    assert time.thread_time() - before < 0.3


def test_a_name_is_found_with_its_abbreviation_in_brackets() -> None:
    names = Names([("own/llc", "Limited liability company", ("LLC",))])
    (found,) = names.find_exact("Limited liability company (LLC)")
    assert (found.entry_id, found.match) == ("own/llc", "exact")
    assert not names.find_exact("Company (LLC)")
