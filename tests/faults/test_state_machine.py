"""After any sequence of operations, a glossary has the same content as a plain dictionary."""

import json
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.identity import OPERATOR
from bot.indexing import Indexer
from bot.replies.base import Problem, Reply
from index.indexing.reindex import ReindexResult
from index.indexing.rollback import RollbackResult
from index.search.results import EntryReply, Neighbours
from index.sources import loader
from index.sources.source import Source
from index.storage import Store
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

Entries = dict[str, str]
"""Definitions by term."""

SOURCE_TERMS = ("Anchor", "Buoy", "Crane", "Dock", "Foghorn")  # terms that the source may have
PERMANENT_TERM = "Quay"  # always in the source, since an empty index is refused
USER_TERMS = ("Keel", "Mast", "Rudder", "Sextant")  # terms that users may add


class Model:
    """The expected contents: the last read source with edits. None marks a removed entry."""

    def __init__(self, given: Entries) -> None:
        self.file = dict(given)  # the source's current contents
        self.given = dict(given)
        self.edits: dict[str, str | None] = {}

    @property
    def entries(self) -> Entries:
        merged: dict[str, str | None] = {**self.given, **self.edits}
        return {term: text for term, text in merged.items() if text is not None}

    def state(self) -> tuple[Entries, dict[str, str | None]]:
        return dict(self.given), dict(self.edits)


class Glossary(RuleBasedStateMachine):
    """Random operations: add, edit, remove, import, reindex, roll back, crash and ask."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.source = self.folder / "words.jsonl"
        self.model = Model({"Anchor": self.text(), PERMANENT_TERM: self.text()})
        self.write()
        self.open()
        assert isinstance(self.say("reindex"), ReindexResult)
        self.snapshots = {self.current: self.model.state()}

    number = 0

    def text(self) -> str:
        """Return a definition that differs from those of all other entries."""
        Glossary.number += 1
        return f"Thing number{Glossary.number} of colour{Glossary.number * 7}."

    def open(self) -> None:
        self.store = open_store(self.folder / "data")
        indexer = Indexer(self.store, ToyEmbedder(), (Source("words", str(self.source)),))
        self.assistant = Assistant(self.store, ToyEmbedder(), "", AdminService(indexer))

    def write(self) -> None:
        lines = [
            json.dumps({"term": term, "definition": text}) for term, text in self.model.file.items()
        ]
        self.source.write_text("\n".join(lines))

    def say(self, line: str) -> Reply:
        return self.assistant.ask(f"/near-admin {line}", OPERATOR)

    @property
    def current(self) -> str:
        return self.store.current().id

    def built(self) -> None:
        """Record the model's state for the current generation."""
        self.snapshots[self.current] = self.model.state()

    def done(self, line: str) -> None:
        reply = self.say(line)
        assert not isinstance(reply, Problem), (line, reply)
        self.built()

    @rule(term=st.sampled_from(USER_TERMS))
    def add(self, term: str) -> None:
        text = self.text()
        if term in self.model.entries:
            assert isinstance(self.say(f"add {term} = {text} --yes"), Problem)
            return
        self.model.edits[term] = text
        self.done(f"add {term} = {text} --yes")

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        term = data.draw(st.sampled_from(sorted(self.model.entries)))
        text = self.model.edits[term] = self.text()
        self.done(f"edit {term} = {text} --yes")

    @precondition(lambda self: len(self.model.entries) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        term = data.draw(st.sampled_from(sorted(set(self.model.entries) - {PERMANENT_TERM})))
        self.model.edits[term] = None
        self.done(f"remove {term} --yes")

    @rule(terms=st.sets(st.sampled_from(SOURCE_TERMS), min_size=1))
    def import_another_file(self, terms: set[str]) -> None:
        """Change the source. The change is not live until the source is read."""
        self.model.file = {term: self.text() for term in sorted(terms | {PERMANENT_TERM})}
        self.write()

    @rule()
    def reindex(self) -> None:
        self.model.given = dict(self.model.file)
        self.done("reindex")

    @precondition(lambda self: len(self.snapshots) > 1)
    @rule()
    def roll_back(self) -> None:
        reply = self.say("rollback")
        if isinstance(reply, Problem):
            assert reply.code == "not_found", reply  # no older generation is kept
            return
        assert isinstance(reply, RollbackResult)
        given, edits = self.snapshots[reply.generation]
        self.model.given, self.model.edits = dict(given), dict(edits)

    @rule(before=st.booleans())
    def crash_while_reindexing(self, before: bool) -> None:
        """Crash at the switch; the old or the new generation is current."""
        old = self.model.state()
        swap = Store._swap

        def dies(store: Store, opened: object) -> None:
            if not before:
                swap(store, opened)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        was = self.current
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Store, "_swap", dies)
            with suppress(KeyboardInterrupt):
                self.say("reindex")
        self.store.close()
        self.open()
        if self.current != was:
            self.model.given = dict(self.model.file)
            self.built()
        else:
            self.model.given, self.model.edits = old

    @rule()
    def start_again(self) -> None:
        self.store.close()
        self.open()

    @rule(term=st.sampled_from((*SOURCE_TERMS, *USER_TERMS)))
    def ask(self, term: str) -> None:
        reply = self.assistant.ask(f"/define {term}")
        expected = self.model.entries.get(term)
        if expected is None:
            assert isinstance(reply, Problem), reply
            return
        assert isinstance(reply, EntryReply)
        assert (reply.entry.term, reply.entry.definition) == (term, expected)
        near = self.assistant.ask(f"/near {expected} n=1")
        assert isinstance(near, Neighbours)
        assert near.neighbours[0].term == term

    @invariant()
    def the_index_holds_what_the_dictionary_holds(self) -> None:
        with self.store.reading() as generation:
            entries = {entry.term: entry.definition for entry in generation.entries.values()}
        assert entries == self.model.entries
        assert not self.store.troubles

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)


@pytest.fixture(autouse=True)
def nothing_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "bundled", lambda: tmp_path)


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(1, 10, id="few"),
        pytest.param(200, 50, id="many", marks=pytest.mark.slow),
    ],
)
def test_glossary_matches_a_dictionary_after_any_operations(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Glossary,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
