"""When files are damaged, the bot starts, answers, and reports the damage."""

import json
import random
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from index.indexing.reindex import SourceContent, reindex
from index.storage.opening import PATIENCE
from tests.faults import processes
from tests.faults.asking import QUESTION
from tests.faults.content import FILES, QuickToy, entries_of
from tests.faults.counts import counts
from tests.faults.homes import Home
from tests.unit.index.storage.damages import DAMAGES
from tests.unit.index.storage.damages import FILES as DAMAGED

pytestmark = pytest.mark.children
SEED = 20_261_124
# Some parts of this file are never read, and have no digest.
PARTLY_READ = "chroma/chroma.sqlite3"


@pytest.fixture
def damaged(two_generations: Home, tmp_path: Path) -> Iterator[Home]:
    """Yield a copy of a data directory with two generations, which the test may damage."""
    with two_generations.copied(tmp_path / "data") as home:
        yield home


def start_bot(home: Home) -> dict[str, Any]:
    """Run `serving` on a data directory and return its output; it must end by itself."""
    said: dict[str, Any] = json.loads(
        processes.run("serving", *home.arguments, f"/near {QUESTION}")
    )
    return said


def damage(home: Home, generation: str, name: str, how: str) -> None:
    (file,) = (home.data / "generations" / generation).glob(name)
    DAMAGES[how](file)


def forget_vectors(home: Home) -> None:
    """Delete about one in eight vectors."""
    with home.ledger() as ledger:
        assert ledger.execute(text("DELETE FROM vectors WHERE digest < '2'")).rowcount


def damage_and_start(whole: Home, folder: Path, number: int) -> str:
    """Damage files in a copy of a data directory and start a bot on it. Returns a description of
    the damage and the problems that the bot reported."""
    chance = random.Random(SEED + number)
    files = [random.Random(SEED).sample(DAMAGED, len(DAMAGED))[number % len(DAMAGED)]]
    if number % 3 == 1:
        files.append(chance.choice([file for file in DAMAGED if file not in files]))
    generations = ["g000001", "g000002"] if number % 5 == 2 else ["g000002"]
    done = [f"number {number}"]
    with whole.copied(folder / f"{number}") as home:
        for file in files:
            how = chance.choice(list(DAMAGES))
            for generation in generations:
                damage(home, generation, file, how)
                done.append(f"{generation}/{file} {how}")
        said = start_bot(home)
    what = f"{', '.join(done)}: {said}"
    (reply,) = said["replies"]
    assert not said["failed"], what
    assert reply["generation"] == "g000002", what
    assert "state 2" in reply["neighbours"][0]["definition"], what
    if said["troubles"] or files != [PARTLY_READ]:
        (trouble,) = said["troubles"]
        assert trouble.startswith("g000002 was damaged ("), what
        assert "rebuilt from the ledger" in trouble, what
    shutil.rmtree(home.data)
    return f"{', '.join(done)}: {said['troubles']}"


@counts(1, 28)
def test_damaged_files_are_rebuilt(two_generations: Home, tmp_path: Path, count: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(partial(damage_and_start, two_generations, tmp_path), range(count)):
            print(line)


@pytest.mark.databases("slow")
def test_previous_generation_answers_if_the_ledger_lacks_vectors(damaged: Home) -> None:
    damage(damaged, "g000002", "chroma/*/link_lists.bin", "half")
    forget_vectors(damaged)
    said = start_bot(damaged)
    assert said["replies"][0]["generation"] == "g000001"
    assert "state 1" in said["replies"][0]["neighbours"][0]["definition"]
    (trouble,) = said["troubles"]
    assert "g000002 is damaged (chroma/" in trouble
    assert "g000001 is used instead. Reindex to repair it." in trouble


@pytest.mark.databases("slow")
def test_bot_reports_that_no_generation_is_intact_until_a_reindex(damaged: Home) -> None:
    for generation in ("g000001", "g000002"):
        damage(damaged, generation, "entries.jsonl", "half")
    forget_vectors(damaged)
    said = start_bot(damaged)
    assert "entries.jsonl has the wrong checksum." in said["failed"]
    assert said["failed"].endswith("Rebuild the index with: nearsay index --full")
    assert said["replies"][0]["code"] == "store_damaged"
    store = damaged.store()
    began = time.monotonic()
    reindex(store, SourceContent(entries_of((3,) * FILES)), QuickToy(), full=True)
    assert time.monotonic() - began < PATIENCE, "the reindex waited for its own build"
    store.close()
    said = start_bot(damaged)
    assert said["replies"][0]["generation"] == "g000003"
    assert not said["troubles"]
