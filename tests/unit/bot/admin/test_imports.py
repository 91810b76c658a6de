"""Import a glossary: preview, import and refusals."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.uploads import KEPT, Uploads
from bot.commands.spec import Request
from bot.indexing import Indexer
from bot.rendering.imports import import_lines
from bot.replies.base import Problem, Reply
from bot.replies.imports import Import
from index.errors import NearsayError, NotFound
from index.sources.suffixes import SUFFIXES
from tests.unit.bot.admin import ADA

GLOSSARY = "term,definition\nCapstan,A drum that hauls ropes.\nBollard,A post for ropes.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an import folder that contains one glossary."""
    (tmp_path / "import").mkdir()
    (tmp_path / "import" / "ropes.csv").write_text(GLOSSARY)
    return tmp_path / "import"


@pytest.fixture
def admin(indexer: Indexer, folder: Path) -> AdminService:
    return AdminService(indexer, (), folder)


def import_or_error(admin: AdminService, text: str = "", **options: Any) -> Reply | NearsayError:
    """Return the reply, or the error that the assistant would convert to a problem."""
    try:
        return admin.answer(Request("near-admin", text, options, "import"), ADA)
    except NearsayError as error:
        return error


def refused(reply: Reply | NearsayError) -> str:
    assert isinstance(reply, Problem | NearsayError), reply
    return f"{reply.message} {reply.hint}"


def test_files_outside_the_import_folder_are_not_read(
    admin: AdminService, indexer: Indexer, folder: Path
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
    admin.imports.uploads.keep("ropes.csv", GLOSSARY.encode())
    for unknown in ("..", "*", "0" * 16, "../../ledger", ""):
        assert "no longer exists" in refused(import_or_error(admin, upload=unknown, cancel="yes"))
    without = AdminService(indexer)
    hint = refused(import_or_error(without, "ropes.csv"))
    assert "NEARSAY_IMPORT_DIR" in hint
    assert hint.endswith("nearsay index --source ropes.csv")


def test_cancelling_a_live_import_does_not_deny_it(admin: AdminService) -> None:
    import_or_error(admin, "ropes.csv", apply="yes")
    reply = import_or_error(admin, "ropes.csv", cancel="yes")
    assert isinstance(reply, Import)
    assert import_lines(reply) == [
        "The import of ropes.csv was cancelled; the index was not changed."
    ]


def test_a_newer_upload_replaces_the_older_and_can_be_rolled_back(
    admin: AdminService, indexer: Indexer
) -> None:
    first = admin.imports.uploads.keep("ropes.csv", GLOSSARY.encode())
    import_or_error(admin, upload=first.parent.name, apply="yes")
    second = admin.imports.uploads.keep("ropes.csv", b"term,definition\nCleat,Holds a rope.\n")
    planned = import_or_error(admin, upload=second.parent.name)
    assert isinstance(planned, Import)
    assert (planned.added, planned.removed) == (1, 2)
    import_or_error(admin, upload=second.parent.name, apply="yes")
    admin.answer(Request("near-admin", "", {}, "rollback"), ADA)
    reindexed = admin.answer(Request("near-admin", "", {}, "reindex"), ADA)
    assert not isinstance(reindexed, Problem), reindexed
    with indexer.store.reading() as generation:
        assert "ropes/capstan" in generation.entries


def test_uploaded_file_names_cannot_escape_their_folder(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "imports")
    for name in ("../../evil.csv", "/etc/x.CSV", "..\\..\\y.csv", "a" * 400 + ".csv", "☃.csv"):
        kept = uploads.keep(name, b"x")
        assert kept.resolve().is_relative_to(tmp_path / "imports")
        assert kept.suffix == ".csv"
    for suffix in SUFFIXES:
        assert uploads.keep(f"x{suffix}", b"x").suffix == suffix
    for name in ("x.exe", "noname", ".csv", ""):
        with pytest.raises(NotFound, match="cannot be read"):
            uploads.keep(name, b"x")


def test_old_uploads_are_removed_unless_they_are_used(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "imports")
    old, used, new = (uploads.keep(name, b"x") for name in ("a.csv", "b.csv", "c.csv"))
    for one in (old, used):
        os.utime(one, (time.time() - KEPT - 60,) * 2)
    uploads.delete_expired({used})
    assert [one.exists() for one in (old, used, new)] == [False, True, True]
    assert not (tmp_path / "imports" / "a").exists()


def test_a_preview_begins_with_what_to_look_at_and_asks_no_questions(
    admin: AdminService, folder: Path
) -> None:
    rows = "id,term,definition,aliases\n1,Boom,A pole.,spar\n1,Boom,A pole.,spar\n2,,Nothing.,\n"
    rows += "3,Yard,A pole across a mast.,spar\n4,Anchor,What we call a pinned message.,\n"
    (folder / "poles.csv").write_text(rows)
    reply = import_or_error(admin, "poles.csv")
    assert isinstance(reply, Import)
    assert [one.kind for one in reply.refused] == ["skipped", "merged"]
    assert (reply.ignored, reply.hides) == (("id",), ("Anchor",))
    _, counted, *lines = import_lines(reply)
    assert counted == "2 files, rows or values skipped or changed on import:"
    assert lines[0].startswith("poles.csv:4: has no term")
    text = "\n".join(lines)
    assert text.index('"spar" names Boom, Yard') < text.index("not kept: id")
    assert text.index("encyclopedia: Anchor") < text.index("3 added")
    assert "people might ask" not in text
