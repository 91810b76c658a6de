"""Import a glossary: preview, import and refusals."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.uploads import KEPT, Uploads
from bot.commands.spec import Request
from bot.identity import User
from bot.indexing import Indexer
from bot.rendering.imports import import_lines
from bot.replies.base import Problem, Reply
from bot.replies.imports import Import
from index.errors import NearsayError, NotFound
from index.sources.suffixes import SUFFIXES
from index.storage import Store
from index.storage.db import Ledger
from tests.support.toy import ToyEmbedder
from tests.unit.bot.admin import ADA

DECISIONS: tuple[dict[str, Any], ...] = ({}, {"apply": "yes"}, {"cancel": "yes"})
GLOSSARY = "term,definition\nCapstan,A drum that hauls ropes.\nBollard,A post for ropes.\n"


@pytest.fixture
def store(base: Path, bundled: Path, tmp_path: Path, database_url: str) -> Iterator[Store]:
    if database_url:
        Ledger.migrate(tmp_path / "data", database_url)
    else:
        shutil.copytree(base / "data", tmp_path / "data")
    store = Store(tmp_path / "data", database_url)
    if database_url:
        Indexer(store, ToyEmbedder()).run()
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an import folder that contains one glossary."""
    (tmp_path / "import").mkdir()
    (tmp_path / "import" / "ropes.csv").write_text(GLOSSARY)
    return tmp_path / "import"


@pytest.fixture
def admin(store: Store, folder: Path) -> AdminService:
    return AdminService(Indexer(store, ToyEmbedder()), (), folder)


def import_or_error(
    admin: AdminService, text: str = "", actor: User = ADA, **options: Any
) -> Reply | NearsayError:
    """Return the reply, or the error that the assistant would convert to a problem."""
    try:
        return admin.answer(Request("near-admin", text, options, "import"), actor)
    except NearsayError as error:
        return error


def import_reply(reply: Reply | NearsayError) -> Import:
    assert isinstance(reply, Import), reply
    return reply


def refused(reply: Reply | NearsayError) -> str:
    assert isinstance(reply, Problem | NearsayError), reply
    return f"{reply.message} {reply.hint}"


def current(store: Store) -> str | None:
    return store.ledger.generations.pointer().generation


def test_a_changed_or_empty_file_is_not_imported(
    admin: AdminService, store: Store, folder: Path
) -> None:
    planned = import_reply(import_or_error(admin, "ropes.csv"))
    (folder / "ropes.csv").write_text(GLOSSARY + "Cleat,Holds a rope.\n")
    reply = import_or_error(admin, "ropes.csv", apply="yes", digest=planned.digest)
    assert "has changed since the preview" in refused(reply)
    (folder / "none.csv").write_text("term,definition\n,nameless\n")
    assert import_reply(import_or_error(admin, "none.csv")).entries == 0
    assert "contains no entries" in refused(import_or_error(admin, "none.csv", apply="yes"))
    assert current(store) == "g000001"


def test_files_outside_the_import_folder_are_not_read(
    admin: AdminService, store: Store, folder: Path
) -> None:
    outside = folder.parent / "outside.csv"
    outside.write_text(GLOSSARY)
    (folder / "link.csv").symlink_to(outside)
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / "out.csv").write_text(GLOSSARY)
    (folder / "way").symlink_to(folder.parent / "elsewhere")
    paths = ("../outside.csv", "/etc/passwd", "link.csv", "way/out.csv", "gone.csv", ".", "~")
    for path in (*paths, "a/../.."):
        reply = import_or_error(admin, path)
        assert "in the import folder" in refused(reply), path
        assert "hauls" not in refused(reply)
    without = AdminService(Indexer(store, ToyEmbedder()))
    assert "NEARSAY_IMPORT_DIR" in refused(import_or_error(without, "ropes.csv"))


def test_an_import_with_a_source_name_in_use_needs_another_name(
    admin: AdminService, folder: Path
) -> None:
    import_or_error(admin, "ropes.csv", apply="yes")
    (folder / "new").mkdir()
    (folder / "new" / "ropes.csv").write_text(GLOSSARY)
    assert 'already a source "ropes"' in refused(import_or_error(admin, "new/ropes.csv"))
    assert (
        import_reply(import_or_error(admin, "new/ropes.csv", name="New ropes")).name == "new-ropes"
    )
    for name in ("encyclopedia", "written"):
        (folder / f"{name}.csv").write_text(GLOSSARY)
        assert f'already a source "{name}"' in refused(import_or_error(admin, f"{name}.csv"))


# Uploads.


@pytest.mark.databases
def test_an_upload_is_applied_once(admin: AdminService, store: Store) -> None:
    upload = admin.imports.uploads.keep("Our Ropes.csv", GLOSSARY.encode())
    planned = import_reply(import_or_error(admin, upload=upload.parent.name))
    assert (planned.name, planned.path) == ("our-ropes", "our-ropes.csv")
    assert planned.upload == upload.parent.name
    assert len(import_lines(planned)) == 3
    applied = import_reply(
        import_or_error(admin, upload=upload.parent.name, apply="yes", digest=planned.digest)
    )
    assert (applied.live, applied.added) == ("g000002", 2)
    for again in DECISIONS:
        assert "already been imported" in refused(
            import_or_error(admin, upload=upload.parent.name, **again)
        )
    with store.reading() as generation:
        assert "our-ropes/capstan" in generation.entries


def test_a_newer_upload_replaces_the_older_and_can_be_rolled_back(
    admin: AdminService, store: Store
) -> None:
    first = admin.imports.uploads.keep("ropes.csv", GLOSSARY.encode())
    import_or_error(admin, upload=first.parent.name, apply="yes")
    second = admin.imports.uploads.keep("ropes.csv", b"term,definition\nCleat,Holds a rope.\n")
    planned = import_reply(import_or_error(admin, upload=second.parent.name))
    assert (planned.added, planned.removed) == (1, 2)
    import_or_error(admin, upload=second.parent.name, apply="yes")
    admin.answer(Request("near-admin", "", {}, "rollback"), ADA)
    reindexed = admin.answer(Request("near-admin", "", {}, "reindex"), ADA)
    assert not isinstance(reindexed, Problem), reindexed
    with store.reading() as generation:
        assert "ropes/capstan" in generation.entries


def test_a_cancelled_upload_is_deleted(admin: AdminService, store: Store) -> None:
    upload = admin.imports.uploads.keep("ropes.csv", GLOSSARY.encode())
    import_or_error(admin, upload=upload.parent.name)
    cancelled = import_reply(import_or_error(admin, upload=upload.parent.name, cancel="yes"))
    assert import_lines(cancelled) == ["ropes.csv was not imported."]
    assert not upload.exists()
    assert not list(store.ledger.files.files("ropes", "any"))
    for options in DECISIONS:
        assert "no longer exists" in refused(
            import_or_error(admin, upload=upload.parent.name, **options)
        )
    assert current(store) == "g000001"
    admin.imports.uploads.keep("ropes.csv", GLOSSARY.encode())
    for unknown in ("..", "*", "0" * 16, "../../ledger", ""):
        assert "no longer exists" in refused(import_or_error(admin, upload=unknown, cancel="yes"))


def test_uploaded_file_names_cannot_escape_their_folder(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "imports")
    for name in ("../../evil.csv", "/etc/x.CSV", "..\\..\\y.csv", "a" * 400 + ".csv", "☃.csv"):
        kept = uploads.keep(name, b"x")
        assert kept.resolve().is_relative_to(tmp_path / "imports")
        assert kept.suffix == ".csv"
    for suffix in SUFFIXES:
        assert uploads.keep(f"x{suffix}", b"x").suffix == suffix
    for name in ("x.exe", "noname", ".csv", ""):
        with pytest.raises(NotFound, match="cannot be imported"):
            uploads.keep(name, b"x")


def test_old_uploads_are_removed_unless_they_are_used(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "imports")
    old, used, new = (uploads.keep(name, b"x") for name in ("a.csv", "b.csv", "c.csv"))
    for one in (old, used):
        os.utime(one, (time.time() - KEPT - 60,) * 2)
    uploads.delete_expired({used})
    assert [one.exists() for one in (old, used, new)] == [False, True, True]
    assert not (tmp_path / "imports" / "a").exists()
