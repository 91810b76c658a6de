"""The audit log as one file in the data directory, to be sent or fetched."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path

from bot.admin.exports import form_of, place
from index.errors import NotFound
from index.export.exported import Exported
from index.export.whole import write_file
from index.store.ledger.audit import AuditRecord

FIELDS = ("at", "who", "action", "outcome", "detail", "generation")
MOST = 100_000  # records of a file, the newest
_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would take for one to be reckoned


def export_log(records: list[AuditRecord], wanted: str, folder: Path) -> Exported:
    """Records, the newest first, as a CSV or JSONL file in a folder of its own under `folder`.

    Raises `NotFound` for a form that is none of them, `ExportError` when nothing can be written.
    """
    form = form_of(wanted)
    if form == "markdown":
        raise NotFound("The log is written as csv or jsonl.", "Write: log as=csv")
    rows = [{**asdict(record), "at": record.at.isoformat()} for record in records]
    text = _csv(rows) if form == "csv" else _jsonl(rows)
    target = place(folder) / f"nearsay-log.{form}"
    write_file(target, text, overwrite=False)
    return Exported(form=form, path=str(target), entries=len(rows), files=1, what="records")


def _jsonl(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: list[dict[str, object]]) -> str:
    """Others than admins say what is in the log, so nothing in it is a formula."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(str(row[name] or "")) for name in FIELDS})
    return text.getvalue()


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
