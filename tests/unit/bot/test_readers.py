"""Nobody is shown more than an index of the sources that they may read would show."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.identity import OPERATOR, User
from bot.indexing import Indexer, IndexRequest
from bot.overview import Overview
from bot.readers import Readers, parse_readers
from bot.replies.base import Problem, as_json
from index.indexing.reindex import ReindexResult
from index.search.browse import PageRef
from index.sources.source import Source
from index.storage import Store
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

RULES = "team=members, legal=S01+S02, web=public"
SOURCES = ("open", "team", "legal", "web")
CASES = 150
SHARED = ("rope", "mast", "harbour", "contract", "ledger", "sail")
VERBS = ("compare {} | {}", "path {} -> {}", "wander {}")


def term(source: str, number: int) -> str:
    return f"{source.title()} item {number}"


def build(folder: Path, sources: tuple[str, ...]) -> Store:
    rng = random.Random(7)
    given = []
    for source in SOURCES:
        rows = ["term,definition,category,aliases"]
        for number in range(7):
            words = " ".join(rng.choices(SHARED, k=3))
            rows.append(
                f"{term(source, number)},Sigil{source}{number} of {words} and Open item 1.,"
                f"Kind {source},{source[0].upper()}Q{number}"
            )
        file = folder / f"{source}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(rows), encoding="utf-8")
        if source in sources:
            given.append(Source(source, str(file)))
    store = open_store(folder / "data")
    done = Indexer(store, ToyEmbedder(), tuple(given), encyclopedia=False).run(IndexRequest(by="x"))
    assert isinstance(done, ReindexResult), done
    return store


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, ...], Assistant]]:
    """Return assistants by the sources of their index; that of all sources has the rules."""
    made: dict[tuple[str, ...], Assistant] = {}
    hidden: list[tuple[str, ...]] = [(), ("legal",), ("team", "legal"), ("open", "team", "legal")]
    for number, without in enumerate(hidden):
        seen = tuple(source for source in SOURCES if source not in without)
        folder = tmp_path_factory.mktemp(f"index{number}")
        made[seen] = Assistant(build(folder, seen), ToyEmbedder())
        everything = ",".join(f"{source}=public" for source in seen)
        made[seen].readers = Readers(parse_readers(everything))
    made[SOURCES].readers = Readers(parse_readers(RULES))
    yield made
    for desk in made.values():
        desk.store.close()


def readable(user: User) -> tuple[str, ...]:
    """Return the sources that the rules let a user read, written out once more."""
    if user.standing == "stranger" or user.seen_in == "shared":
        return ("web",)
    if user.seen_in == "channel":
        return ("open", "web")
    if user.admin or (user.standing == "member" and user.groups & {"S01", "S02"}):
        return SOURCES
    return ("open", "team", "web") if user.standing == "member" else ("open", "web")


def random_user(rng: random.Random) -> User:
    return User(
        rng.choice(("U1", "U2", "U3")),
        admin=rng.random() < 0.1,
        standing=rng.choice(("stranger", "guest", "member")),
        groups=frozenset(rng.sample(("S01", "S02", "S09"), rng.randrange(3))),
        seen_in=rng.choice(("alone", "alone", "channel", "shared")),
    )


def random_line(rng: random.Random) -> str:
    def text() -> str:
        source, number = rng.choice(SOURCES), rng.randrange(7)
        words = (term(source, number), f"Sigil{source}{number}", f"{source[0].upper()}Q{number}")
        return rng.choice((*words, " ".join(rng.choices(SHARED, k=2)), f"Kind {source}"))

    forms = (
        lambda: f"/near {text()} n=9",
        lambda: f"/near {text()} in=kind {rng.choice(SOURCES)}",
        lambda: f"/near {text()} from={rng.choice(SOURCES)} why=yes",
        lambda: f"/define {text()}",
        lambda: f"/define {text()} from={rng.choice(SOURCES)}",
        lambda: f"what is {text()}?",
        lambda: f"what is the difference between {text()} and {text()}?",
        lambda: rng.choice(
            ("list all categories", "list the terms", "how many entries are there?")
        ),
        lambda: f"/latent {rng.choice(VERBS)}".format(text(), text()),
        lambda: rng.choice(("/latent about", "help", "what can you do?")),
    )
    return rng.choice(forms)()


def shown(desk: Assistant, line: str, user: User) -> str:
    return json.dumps(as_json(desk.ask(line, user)), default=str, sort_keys=True)


def test_answers_are_those_of_an_index_of_what_the_user_may_read(
    desks: dict[tuple[str, ...], Assistant],
) -> None:
    rng = random.Random(54)
    told = 0
    for _ in range(CASES):
        user, line = random_user(rng), random_line(rng)
        seen = readable(user)
        reply = shown(desks[SOURCES], line, user)
        alone = shown(desks[seen], line, OPERATOR)
        assert reply == alone, (line, user)
        for source in set(SOURCES) - set(seen):
            without_question = reply.replace(json.dumps(line)[1:-1], "")
            leaked = [n for n in range(7) if f"Sigil{source}{n} of" in without_question]
            assert not leaked, (line, user)
        told += "Sigil" in reply
    assert told > CASES / 4, "most cases show something"


def test_the_home_tab_and_suggestions_have_only_what_the_user_may_read(
    desks: dict[tuple[str, ...], Assistant],
) -> None:
    rng = random.Random(55)
    places = [None, PageRef("all"), *(PageRef("category", f"Kind {one}") for one in SOURCES)]
    for _ in range(100):
        user, place = random_user(rng), rng.choice(places)
        whole = desks[SOURCES].overview(user, place)
        alone = desks[readable(user)].overview(user, place)
        assert isinstance(whole, Overview)
        assert isinstance(alone, Overview)
        assert (whole.contents, whole.leaf) == (alone.contents, alone.leaf)
        assert {one.id for one in whole.news} <= set(desks[readable(user)].store.current().entries)
    prompts = desks[SOURCES].suggested_questions(50)
    assert prompts == desks["open", "web"].suggested_questions(50)
    assert not desks[SOURCES].names_entry(term("legal", 1))
    assert desks[SOURCES].names_entry(term("open", 1))


def test_a_suggestion_does_not_tell_which_terms_are_taken(
    desks: dict[tuple[str, ...], Assistant],
) -> None:
    guest, member = User("U8"), User("U9", standing="member", groups=frozenset({"S01"}))
    line = f"/define {term('legal', 2)} = A thing of the harbour with a long name."
    assert isinstance(desks[SOURCES].ask(line, member), Problem), "it is an entry already"
    assert not isinstance(desks[SOURCES].ask(line, guest), Problem)


def test_guests_are_refused_where_they_are_not_answered(
    desks: dict[tuple[str, ...], Assistant],
) -> None:
    desk = desks["open", "web"]
    guest, member = User("U8"), User("U9", standing="member")
    desk.readers = Readers(guests=False)
    try:
        for line in ("/near rope", "what is a rope?", "/latent about", "/define Open item 1 = X"):
            refused = desk.ask(line, guest)
            assert isinstance(refused, Problem)
            assert refused.code == "guest"
            reply = desk.ask(line, member)
            assert not (isinstance(reply, Problem) and reply.code == "guest")
        assert isinstance(desk.overview(guest), Problem)
        forgotten = desk.ask("delete my data", guest)
        assert not isinstance(forgotten, Problem), "what is stored of a guest can be deleted"
    finally:
        desk.readers = Readers(parse_readers("open=public, web=public"))


def test_a_view_is_built_once_and_goes_with_its_generation(tmp_path: Path) -> None:
    store = build(tmp_path, SOURCES)
    desk = Assistant(store, ToyEmbedder())
    desk.readers = Readers(parse_readers(RULES))
    desk.ask("/near rope", User("U1"))
    folder = tmp_path / "data" / "views"
    (first,) = folder.iterdir()
    built = first.stat().st_mtime_ns
    store.close()
    desk.ask("/near rope", User("U2"))
    assert [one.stat().st_mtime_ns for one in folder.iterdir()] == [built]
    assert store.current().sources == sorted(SOURCES), "the index itself is whole"
    store.close()


@pytest.mark.parametrize(
    "value", ["hr", "hr=", "=members", "hr=all", "hr=members+S01", "a=members,a=public", "hr=s01"]
)
def test_rules_that_are_no_rules_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="must list each source once"):
        parse_readers(value)


def test_sources_without_a_rule_are_for_everybody_and_the_encyclopedia_is_public() -> None:
    readers = Readers(parse_readers(" hr = members , legal=S01 + S02, "))
    assert dict(readers.rules) == {"hr": {"members"}, "legal": {"S01", "S02"}}
    assert readers.groups == {"S01", "S02"}
    stranger = User("U1", standing="stranger")
    assert readers.may_read("encyclopedia", stranger)
    assert not readers.may_read("other", stranger)
    assert readers.may_read("other", User("U1"))
