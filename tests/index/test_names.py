from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.names import Named, Names, name_key

NAMES = st.one_of(st.text(), st.text(alphabet="ab &;.-_/'\"mpAİﬁ+#’", max_size=12))


def ids(found: list[Named]) -> list[str]:
    return [named.entry_id for named in found]


@pytest.fixture
def names() -> Names:
    return Names(
        [
            ("rag", "Retrieval-augmented generation", ["RAG", "grounded generation"]),
            ("agent", "AI agent", ["agent"]),
            ("api", "API", []),
            ("class", "Class", []),
            ("bias", "Bias", []),
            ("kv-cache", "KV cache", ["key–value cache"]),
            ("query", "Query", []),
            ("batch", "Batch", []),
            ("temperature", "Temperature", ["sampling temperature"]),
            ("c", "C", []),
            ("c++", "C++", []),
            ("c-sharp", "C#", []),
            ("r", "R", []),
            ("tm", "T&M", ["time and materials"]),
            ("prompt", "Prompt", []),
            ("prompt-file", "Prompt file", ["instructions"]),
            ("system-prompt", "System prompt", ["instructions", "Prompt"]),
            ("coral", "Coral", []),
            ("moral", "Moral", []),
        ]
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Top–P  sampling", "top p sampling", id="dash and double space"),
        pytest.param("few-shot", "few shot", id="hyphen"),
        pytest.param("input/output", "input output", id="slash"),
        pytest.param("snake_case", "snake case", id="underscore"),
        pytest.param("RAG", "rag", id="case"),
        pytest.param("Straße", "STRASSE", id="German sharp s"),
        pytest.param("“RAG”", "RAG", id="curly quotes around"),
        pytest.param("RAG?", "RAG", id="question mark"),
        pytest.param("Goodhart’s law", "Goodhart's law", id="apostrophe"),
        pytest.param("ﬁne-tuning", "fine-tuning", id="ligature"),
        pytest.param("ＲＡＧ", "RAG", id="full width"),
        pytest.param("T&amp;M", "T&M", id="entity"),
        pytest.param("R.A.G.", "RAG", id="dots of an acronym"),
        pytest.param("R.A.G", "RAG", id="dots between the letters of an acronym"),
        pytest.param("“A.I”?", "AI", id="dots, quotes and a question mark"),
        pytest.param("[RAG]", "RAG", id="square brackets"),
        pytest.param("{RAG}", "RAG", id="braces"),
        pytest.param("<RAG>", "RAG", id="angle brackets"),
        pytest.param("~RAG~", "RAG", id="struck through"),
        pytest.param("cafe\u0301", "caf\u00e9", id="combining accent"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C", "C#"),
        ("C++", "C#"),
        ("T&M", "TM"),
        ("GPT-3.5", "GPT-35"),
        ("GPT 3.5.", "GPT 35"),
        ("node.js", "nodejs"),
        ("k-means", "kmeans"),
    ],
)
def test_names_told_apart_by_a_sign_have_keys_of_their_own(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(NAMES)
@example("&amp;amp;")
@example("&AmP")
@example("&AmP;OHM;")
@example("＆amp;")
@example("-.a")
@example("_a.b")
@example("a_a.a._a")
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(NAMES)
def test_a_key_has_single_spaces_only(name: str) -> None:
    key = name_key(name)
    assert key == " ".join(key.split())


@pytest.mark.parametrize(
    ("asked", "entry_id", "match"),
    [
        pytest.param("Temperature", "temperature", "exact", id="as written"),
        pytest.param("TEMPERATURE", "temperature", "exact", id="upper case"),
        pytest.param("retrieval augmented generation", "rag", "exact", id="without hyphen"),
        pytest.param("rag", "rag", "alias", id="alias"),
        pytest.param("Sampling-Temperature", "temperature", "alias", id="alias with hyphen"),
        pytest.param("temperatures", "temperature", "exact", id="plural in s"),
        pytest.param("queries", "query", "exact", id="plural in ies"),
        pytest.param("batches", "batch", "exact", id="plural in ches"),
        pytest.param("classes", "class", "exact", id="plural in sses"),
        pytest.param("KV caches", "kv-cache", "exact", id="plural of a word in che"),
        pytest.param("API's", "api", "exact", id="genitive"),
        pytest.param("APIs", "api", "exact", id="plural of an abbreviation in I"),
        pytest.param("AI agents", "agent", "exact", id="plural of two words"),
        pytest.param("class", "class", "exact", id="no plural though it ends in s"),
        pytest.param("bias", "bias", "exact", id="no plural though it ends in as"),
        pytest.param("C", "c", "exact", id="C"),
        pytest.param("c++", "c++", "exact", id="C++"),
        pytest.param("C#", "c-sharp", "exact", id="C sharp"),
        pytest.param("r", "r", "exact", id="one letter"),
        pytest.param("T&amp;M", "tm", "exact", id="entity"),
        pytest.param("t&m", "tm", "exact", id="ampersand"),
    ],
)
def test_a_name_finds_its_entry(names: Names, asked: str, entry_id: str, match: str) -> None:
    found = names.exact(asked)
    assert [(named.entry_id, named.match) for named in found] == [(entry_id, match)]


@pytest.mark.parametrize("asked", ["", "  ", "?!", "D", "TM", "generation", "\x00"])
def test_a_name_nobody_bears_finds_nothing(names: Names, asked: str) -> None:
    assert names.exact(asked) == []


def test_a_term_comes_before_the_same_name_as_an_alias(names: Names) -> None:
    found = names.exact("prompt")
    assert [(named.entry_id, named.match) for named in found] == [
        ("prompt", "exact"),
        ("system-prompt", "alias"),
    ]


def test_an_alias_of_two_entries_finds_both(names: Names) -> None:
    assert ids(names.exact("instructions")) == ["prompt-file", "system-prompt"]


def test_an_alias_equal_to_its_own_term_counts_once() -> None:
    found = Names([("rag", "RAG", ["rag", "Rag"])]).exact("RAG")
    assert [(named.name, named.match) for named in found] == [("RAG", "exact")]


def test_the_name_found_is_as_it_is_written_in_the_entry(names: Names) -> None:
    assert names.exact("KEY VALUE CACHE")[0].name == "key–value cache"


@pytest.mark.parametrize(
    ("asked", "entry_id"),
    [
        pytest.param("agnet", "agent", id="two letters swapped"),
        pytest.param("promt", "prompt", id="a letter missing"),
        pytest.param("promppt", "prompt", id="a letter added"),
        pytest.param("prompd", "prompt", id="a letter changed"),
        pytest.param("temprature", "temperature", id="one edit in a long name"),
        pytest.param("temprateure", "temperature", id="two edits in a long name"),
        pytest.param("retrieval augmented generatoin", "rag", id="swap in a phrase"),
    ],
)
def test_a_typing_mistake_finds_the_name_that_was_meant(
    names: Names, asked: str, entry_id: str
) -> None:
    found = names.spelled(asked)
    assert ids(found)[0] == entry_id
    assert {named.match for named in found} == {"spelling"}


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("apo", id="three characters forgive nothing"),
        pytest.param("rags", id="four characters reach no shorter name"),
        pytest.param("pronpd", id="six characters forgive one edit only"),
        pytest.param("tmprture", id="eight characters forgive one edit only"),
        pytest.param("tampirotura", id="eleven characters forgive two edits only"),
        pytest.param("", id="nothing"),
    ],
)
def test_too_many_mistakes_for_the_length_find_nothing(names: Names, asked: str) -> None:
    assert names.spelled(asked) == []


@pytest.mark.parametrize(
    ("asked", "entry_id", "match"),
    [
        pytest.param("RAG", "rag", "alias", id="the name alone"),
        pytest.param("what does rag stand for here?", "rag", "alias", id="acronym"),
        pytest.param("Define “temperature”, please", "temperature", "exact", id="quotes"),
        pytest.param("hey, what's a KV cache?", "kv-cache", "exact", id="a greeting"),
        pytest.param("explain RAG to me", "rag", "alias", id="to me"),
        pytest.param("I don't know what RAG means", "rag", "alias", id="not known"),
        pytest.param("what is the full form of RAG", "rag", "alias", id="full form"),
        pytest.param("what is meant by “batch”?", "batch", "exact", id="meant"),
        pytest.param("batch?? what does that mean", "batch", "exact", id="the name first"),
        pytest.param("what does RAG refer to here?", "rag", "alias", id="refer to"),
        pytest.param("tell me about system prompts", "system-prompt", "exact", id="plural"),
        pytest.param("what is temprature in an LLM", "temperature", "spelling", id="a mistake"),
        pytest.param("cora", "coral", "spelling", id="a letter missing of five"),
    ],
)
def test_a_question_for_a_name_gives_its_entry(
    names: Names, asked: str, entry_id: str, match: str
) -> None:
    found = names.asked(asked)
    assert (found[0].entry_id, found[0].match) == (entry_id, match)


@pytest.mark.parametrize(
    "asked", ["why does my agent forget things", "is temperature like creativity", "what is it", ""]
)
def test_a_question_about_more_than_a_name_asks_for_none(names: Names, asked: str) -> None:
    assert names.asked(asked) == []


def test_a_long_text_of_words_around_a_name_takes_no_time(names: Names) -> None:
    started = time.monotonic()
    assert names.asked("what is the " * 1_000 + "temperature") == []
    assert time.monotonic() - started < 1


def test_names_in_a_text_have_the_share_of_what_it_is_about(names: Names) -> None:
    assert names.mentioned("what is the temperature") == {"temperature": 1.0}
    found = names.mentioned("why does the kv cache grow with my batch")
    assert found == {"kv-cache": 2 / 5, "batch": 1 / 5}
    assert names.mentioned("what is the") == {}


def test_two_names_equally_near_a_typo_both_come_back(names: Names) -> None:
    assert sorted(ids(names.spelled("boral"))) == ["coral", "moral"]


def test_of_names_equally_near_a_typo_the_one_with_the_most_meanings_is_first() -> None:
    names = Names([("a", "CARES", []), ("b", "CASES", []), ("c", "CASES", []), ("d", "CAMPS", [])])
    assert ids(names.asked("CAXES")) == ["b", "c", "a"]


def test_short_names_do_not_hide_a_longer_one_from_its_typo() -> None:
    short: list[tuple[str, str, list[str]]] = [
        (letter, f"{letter}ART", []) for letter in "BCDEFGHKLNPQ"
    ]
    assert ids(Names([*short, ("smart", "SMART", [])]).spelled("MART")) == ["smart"]


def test_only_the_nearest_spelling_comes_back(names: Names) -> None:
    assert ids(names.spelled("coral")) == ["coral"]


def test_like_offers_similar_names_and_no_more_than_asked(names: Names) -> None:
    assert "temperature" in ids(names.like("temperature of sampling"))
    assert len(names.like("prompt", limit=2)) == 2
    assert names.like("zzzzzzzz") == []


@given(NAMES)
def test_no_name_makes_a_lookup_fail(name: str) -> None:
    names = Names([("a", "Alpha", ["ab"]), ("b", "Beta", [])])
    for found in (names.exact(name), names.spelled(name), names.like(name)):
        assert set(ids(found)) <= {"a", "b"}


@given(st.text(min_size=1).filter(name_key))
def test_every_term_is_found_by_itself(term: str) -> None:
    assert ids(Names([("x", term, [])]).exact(term)) == ["x"]


@pytest.mark.parametrize(
    ("text", "mainly"),
    [
        ("how does RAG stop hallucinations", True),
        ("RAG or temperature?", True),
        ("temperature settings", True),
        ("does the temperature change what RAG does to a hallucination in this", True),
        ("retrieval augmented generation or RAG", True),
        ("what temperature should I roast a chicken at?", False),
        ("please take the rag out of the oven at this temperature and roast potatoes", False),
        ("", False),
    ],
)
def test_a_text_is_mainly_named_where_half_of_its_words_are_names(text: str, mainly: bool) -> None:
    names = Names(
        [
            ("rag", "Retrieval-augmented generation", ("RAG",)),
            ("hallucination", "Hallucination", ()),
            ("temperature", "Temperature", ()),
        ]
    )
    assert names.mainly_named(text) is mainly


KNOWN = {"token", "tokens", "prompted", "queries", "harbour"}


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("why does the temprature matter", "why does the temperature matter"),
        ("retreival augmented genaration or else", "retrieval augmented generation or else"),
        ("Temprature: too high?", "temperature: too high?"),
        ("is the temperature high", "is the temperature high"),
        ("what are prompts", "what are prompts"),  # a form of a name
        ("tempera paint", "tempera paint"),  # the beginning of a name
        ("my harbour is full of corla", "my harbour is full of coral"),
        ("two queries and a tokem", "two queries and a tokem"),  # no name is near
        ("prompted", "prompted"),  # known, though a letter or two from a name
        ("bais", "bais"),  # too short to tell
        ("bais123 class2", "bais123 class2"),
        ("don't", "don't"),
        ("temprature " * 20, "temperature " * 20),
        ("temprature " * 21, "temprature " * 21),  # no short question any more
        ("", ""),
    ],
)
def test_misspelt_words_of_names_are_mended_inside_a_text(
    names: Names, text: str, corrected: str
) -> None:
    assert names.corrected(text, KNOWN.__contains__) == corrected


@given(st.lists(st.sampled_from(["temperature", "prompts", "tokens", "Query!", "C++", "zebras"])))
def test_a_text_without_mistakes_is_left_as_it_is(words: list[str]) -> None:
    names = Names([("t", "Temperature", []), ("p", "Prompt", []), ("q", "Query", ["C++"])])
    text = " ".join(words)
    assert names.corrected(text, {"tokens", "zebras"}.__contains__) == text


@given(st.text())
def test_whatever_is_written_is_mended_once(text: str) -> None:
    names = Names([("t", "Temperature", []), ("p", "Prompt", []), ("q", "Query", ["C++"])])
    once = names.corrected(text, lambda _: False)
    assert names.corrected(once, lambda _: False) == once


@pytest.mark.parametrize("text", ["temprature " * 730, "x" * 8_000, "temprature-" * 730])
def test_long_texts_are_mended_in_no_time(text: str) -> None:
    names = Names([(f"e{at}", f"Temperature number{at} of{at * at}", []) for at in range(400)])
    names.corrected("warm", lambda _: False)
    before = time.process_time()
    names.corrected(text, lambda _: False)
    assert time.process_time() - before < 0.5


def test_a_mistake_anywhere_in_a_name_is_forgiven_whatever_letter_it_brings() -> None:
    names = Names([("one", "vector store", ()), ("other", "Grundgesetz für Ämter", ())])
    for name in ("vector store", "grundgesetz für ämter"):
        (meant,) = names.exact(name)
        for at in range(len(name)):
            for letter in "azäßж7+":
                changed = name[:at] + letter + name[at + 1 :]
                added = name[:at] + letter + name[at:]
                assert [found.entry_id for found in names.spelled(changed)] == [meant.entry_id]
                assert [found.entry_id for found in names.spelled(added)] == [meant.entry_id]


def test_an_entry_behind_one_of_the_same_term_gives_that_one_its_names() -> None:
    names = Names(
        [("own/rag", "RAG", ()), ("own/token", "Sub-word", ("chunk",))],
        [("rag", "Rag", ("grounding",)), ("token", "Token", ("chunk",))],
    )
    assert names.twins == {"rag": "own/rag"}
    assert ids(names.exact("rag")) == ids(names.exact("grounding")) == ["own/rag"]
    assert ids(names.exact("chunk")) == ["own/token", "token"]
    assert ids(names.exact("token")) == ["token"]
