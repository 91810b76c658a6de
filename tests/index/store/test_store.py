"""Which generation is current; a draft that fails leaves no trace."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import NoIndex, StoreBusy, StoreDamaged, StoreError
from index.reindex import reindex
from index.store import Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def test_an_empty_directory_has_no_index(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.exists
    with pytest.raises(NoIndex, match="Nothing has been indexed") as raised:
        store.current()
    assert "nearsay index" in raised.value.hint


def test_a_reindex_by_another_store_is_seen(harbour_store: Store, toy: ToyEmbedder) -> None:
    assert harbour_store.current().id == "g000001"
    reindex(Store(harbour_store.directory), harbour()[:5], toy)
    assert harbour_store.current().id == "g000002"
    assert len(harbour_store.current().entries) == 5


def test_the_same_generation_is_opened_once(harbour_store: Store) -> None:
    assert harbour_store.current() is harbour_store.current()


def test_the_generation_before_stays_for_its_readers(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    first = harbour_store.current()
    assert first.entries
    for _ in range(3):
        reindex(harbour_store, harbour(), toy)
    kept = sorted(path.name for path in (harbour_store.directory / "generations").iterdir())
    assert kept == ["g000003", "g000004"]


def test_a_draft_that_fails_leaves_nothing(harbour_store: Store) -> None:
    def half() -> None:
        with harbour_store.draft() as draft:
            (draft.folder / "half").write_text("written")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        half()
    assert harbour_store.current().id == "g000001"
    assert not list(harbour_store.directory.glob("generations/*.building"))


def test_two_processes_never_write_at_once(harbour_store: Store, toy: ToyEmbedder) -> None:
    with harbour_store.draft() as draft:
        code = (
            "import sys; from pathlib import Path; from index.store import Store; "
            "Store(Path(sys.argv[1])).draft().__enter__()"
        )
        other = subprocess.run(
            [sys.executable, "-c", code, str(harbour_store.directory)],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[3],
            check=False,
        )
        assert "StoreBusy" in other.stderr
        with pytest.raises(StoreBusy, match="Another process"):
            reindex(Store(harbour_store.directory), harbour(), toy)
        shutil.copytree(
            harbour_store.directory / "generations/g000001", draft.folder, dirs_exist_ok=True
        )
    assert harbour_store.current().folder.name == "g000002"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("manifest.json", "{"),
        ("manifest.json", json.dumps({"generation": "g000001"})),
        ("entries.jsonl", "not json\n"),
        ("entries.jsonl", '{"id": "a"}\n'),
    ],
    ids=["manifest cut", "manifest short", "entries no JSON", "entry short"],
)
def test_damage_is_a_clear_error_with_its_cure(
    harbour_store: Store, file: str, content: str
) -> None:
    (harbour_store.directory / "generations/g000001" / file).write_text(content)
    with pytest.raises(StoreDamaged, match="cannot be read") as raised:
        _ = harbour_store.current().entries
    assert "nearsay index --full" in raised.value.hint


def test_a_damaged_index_is_replaced_by_a_reindex(harbour_store: Store, toy: ToyEmbedder) -> None:
    (harbour_store.directory / "generations/g000001/manifest.json").write_text("{")
    assert reindex(harbour_store, harbour(), toy).generation == "g000002"
    assert len(harbour_store.current().entries) == 12


def test_a_directory_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written") as raised:
        reindex(Store(tmp_path / "file" / "data"), harbour(), ToyEmbedder())
    assert "NEARSAY_DATA_DIR" in raised.value.hint
