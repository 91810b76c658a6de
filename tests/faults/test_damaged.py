"""A bot whose files are damaged starts, answers, and says what happened; none dies of it."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from index.reindex import Content, reindex
from index.store import Store
from tests.faults import processes
from tests.faults.asking import QUESTION
from tests.faults.content import FILES, QuickToy, entries_of
from tests.faults.counts import counts
from tests.index.store.damages import DAMAGES
from tests.index.store.damages import FILES as DAMAGED

SEED = 20_261_124
# It has parts that nothing is read from, and which have no digest.
PARTLY_READ = "chroma/chroma.sqlite3"


def served(data: Path) -> dict[str, Any]:
    """What a bot that is started says; it must end by itself."""
    said: dict[str, Any] = json.loads(processes.run("serving", data, f"/near {QUESTION}"))
    return said


def copied(whole: Path, data: Path) -> Path:
    return Path(shutil.copytree(whole, data))


def damage(data: Path, generation: str, name: str, how: str) -> None:
    (file,) = (data / "generations" / generation).glob(name)
    DAMAGES[how](file)


def forget_vectors(data: Path) -> None:
    with closing(sqlite3.connect(data / "ledger.sqlite3")) as ledger, ledger:
        ledger.execute("DELETE FROM vectors WHERE rowid % 7 = 0")


def survive(whole: Path, folder: Path, number: int) -> str:
    """Damages the files of a copy and starts a bot on it; what was done, and what it says."""
    chance = random.Random(SEED + number)
    files = [random.Random(SEED).sample(DAMAGED, len(DAMAGED))[number % len(DAMAGED)]]
    if number % 3 == 1:
        files.append(chance.choice([file for file in DAMAGED if file not in files]))
    generations = ["g000001", "g000002"] if number % 5 == 2 else ["g000002"]
    data = copied(whole, folder / f"{number}")
    done = [f"number {number}"]
    for file in files:
        how = chance.choice(list(DAMAGES))
        for generation in generations:
            damage(data, generation, file, how)
            done.append(f"{generation}/{file} {how}")
    said = served(data)
    what = f"{', '.join(done)}: {said}"
    (reply,) = said["replies"]
    assert not said["failed"], what
    assert reply["generation"] == "g000002", what
    assert "state 2" in reply["neighbours"][0]["definition"], what
    if said["troubles"] or files != [PARTLY_READ]:
        (trouble,) = said["troubles"]
        assert trouble.startswith("g000002 was damaged ("), what
        assert "built again from the ledger" in trouble, what
    shutil.rmtree(data)
    return f"{', '.join(done)}: {said['troubles']}"


@counts(8, 28)
def test_damaged_files_are_built_again(two_generations: Path, tmp_path: Path, count: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        for told in pool.map(partial(survive, two_generations, tmp_path), range(count)):
            print(told)


def test_where_the_ledger_lacks_vectors_the_generation_before_serves(
    two_generations: Path, tmp_path: Path
) -> None:
    data = copied(two_generations, tmp_path / "data")
    damage(data, "g000002", "chroma/*/link_lists.bin", "half")
    forget_vectors(data)
    said = served(data)
    assert said["replies"][0]["generation"] == "g000001"
    assert "state 1" in said["replies"][0]["neighbours"][0]["definition"]
    (trouble,) = said["troubles"]
    assert "g000002 is damaged (chroma/" in trouble
    assert "g000001 serves. Reindex to put it right." in trouble


def test_where_nothing_is_whole_the_bot_says_what_to_do_and_a_reindex_puts_it_right(
    two_generations: Path, tmp_path: Path
) -> None:
    data = copied(two_generations, tmp_path / "data")
    for generation in ("g000001", "g000002"):
        damage(data, generation, "entries.jsonl", "half")
    forget_vectors(data)
    said = served(data)
    assert "g000002 is damaged: entries.jsonl is not what was written." in said["failed"]
    assert said["failed"].endswith("Build the index anew with: nearsay index --full")
    assert said["replies"][0]["code"] == "store_damaged"
    store = Store(data)
    reindex(store, Content(entries_of((3,) * FILES)), QuickToy(), full=True)
    store.close()
    said = served(data)
    assert said["replies"][0]["generation"] == "g000003"
    assert not said["troubles"]
