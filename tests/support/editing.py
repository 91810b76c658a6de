"""Edit entries without building the index."""

from typing import Any

import pytest

from bot.admin.editing_service import EditingService, fields_changed
from bot.replies.editing import Saved
from index.entry import Entry
from index.storage.db.edits import EditRecord


def build_nothing(patch: pytest.MonkeyPatch) -> None:
    """Make edits change only the ledger."""

    def kept(_: EditingService, record: EditRecord, before: Entry | None, *__: Any) -> Saved:
        return Saved(
            generation="g000001",
            model="toy",
            entry=record.entry,
            term=record.content.term,
            change=record.change,
            fields=fields_changed(before, None if record.state == "removed" else record.content),
            number=record.id,
            live=False,
            seconds=0,
        )

    patch.setattr(EditingService, "publish", kept)
