"""Fixtures for admin commands: a glossary about ships, its index, and a bot that serves it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.indexing import Indexer, IndexRequest
from index.indexing.reindex import ReindexResult
from index.sources.source import Source
from index.storage import Store
from tests.fake_slack import Message, User, Workspace
from tests.slack.team import Team, serving
from tests.slack.writing import direct
from tests.support.bundled import replace_bundled
from tests.support.gates import SlowEmbedder

WORDS = {
    "Sail": "Cloth that catches wind.",
    "Mast": "A tall pole that carries sails.",
    "Keel": "The backbone of a ship.",
}
PAGE = (
    "---\nterm: {term}\ncategory: Ships\n---\n{text}\n\n## Questions\n### {question}\nThe crew.\n"
)


def write(folder: Path, term: str, text: str) -> None:
    page = PAGE.format(term=term, text=text, question=f"Who looks after the {term.casefold()}?")
    (folder / f"{term.casefold()}.md").write_text(page, encoding="utf-8")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index a folder of pages as g000001 in `data`, with a one-page encyclopedia in `bundled`."""
    base = tmp_path_factory.mktemp("ships")
    (base / "bundled").mkdir()
    (base / "words").mkdir()
    write(base / "bundled", "Anchor", "An iron hook that holds a ship.")
    for term, text in WORDS.items():
        write(base / "words", term, text)
    store = Store(base / "data")
    sources = (Source("words", str(base / "words")),)
    with pytest.MonkeyPatch.context() as patch:
        replace_bundled(base / "bundled", patch.setattr)
        done = Indexer(store, SlowEmbedder(), sources).run(IndexRequest(by="operator"))
    assert isinstance(done, ReindexResult), done
    store.close()
    return base


@pytest.fixture
def words(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide the indexed folder of pages, in a separate data directory."""
    replace_bundled(indexed / "bundled", monkeypatch.setattr)
    shutil.copytree(indexed / "data", tmp_path / "data")
    folder = indexed / "words"
    for page in folder.iterdir():
        page.unlink()
    for term, text in WORDS.items():
        write(folder, term, text)
    return folder


def direct_reply(team: Team, do: Callable[[], object]) -> str:
    """Perform an action, and return the ephemeral reply in ada's direct messages."""
    dm = team.workspace.dm(team.ada)
    before = len(team.workspace.ephemerals(team.ada, dm))
    do()
    return team.next_ephemeral(team.ada, before, dm).text


def current(team: Team) -> str | None:
    return team.store.ledger.generations.pointer().generation


def audit(team: Team) -> list[tuple[str, str, str, str | None]]:
    """Return the audit log, oldest entry first: user, action, outcome and generation."""
    records = team.store.ledger.audit.last(50)[::-1]
    return [(r.who, r.action, r.outcome, r.generation) for r in records]


def wait_for_audit(team: Team, *record: str | None) -> None:
    team.workspace.wait(lambda: record in audit(team))


@pytest.fixture
def team(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Team]:
    with serving(workspace, tmp_path / "data", [Source("words", str(words))]) as team:
        yield team


def reindexed(team: Team, words: Path, text: str = "Cloth of many colours.") -> Message:
    """Reindex after changing one entry, and return the message with the outcome."""
    write(words, "Sail", text)
    before = len(team.workspace.messages(team.workspace.dm(team.ada)))
    team.ask("/near-admin reindex")
    team.workspace.wait(
        lambda: len(team.workspace.messages(team.workspace.dm(team.ada))) > before, seconds=20
    )
    message = direct(team, team.ada, "is live")
    assert len(team.workspace.messages(team.workspace.dm(team.ada))) == before + 1
    return message


def who(user: User) -> str:
    return f"{user.name} ({user.id})"
