"""Read the sheets of an Excel workbook within size limits."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.utils.cell import range_boundaries

from index.errors import SourceError
from index.sources.collector import MOST_COLUMNS
from index.sources.files import SourceFile, check_count

LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes
LARGEST_STRINGS = 64 * 1024 * 1024  # bytes of the shared strings, which are read into memory
LARGEST_PART = 4 * 1024 * 1024  # bytes of any other part that is read into memory
LARGEST_RATIO = 100  # of the unpacked size to the size of the file; one row is held in memory
LAST_ROW = 250_000
MOST_MERGED = 100_000
_TAIL = 1024 * 1024


def sheets(file: SourceFile) -> Iterator[tuple[str, Iterator[list[str]] | None]]:
    """Yield the name of each sheet and its rows from row 1, which are read lazily, or None for a
    hidden sheet.

    Formulas have their stored values. Cells that are merged vertically all have the value of the
    first cell.
    Raises `SourceError` for a file that is not a workbook, or is too large when unpacked.
    """
    if not file.data.strip():
        raise SourceError(file.path, None, "is empty")
    with _translated_errors(file.path):
        archive = zipfile.ZipFile(io.BytesIO(file.data))
        _check_size(archive, file)
        if not openpyxl.DEFUSEDXML:
            raise SourceError(file.path, None, "cannot be read safely", "Install defusedxml.")
        book = openpyxl.load_workbook(
            io.BytesIO(file.data), read_only=True, data_only=True, keep_links=False
        )
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    yield sheet.title, None
                    continue
                merged = _merged(archive, str(getattr(sheet, "_worksheet_path", "")))
                sheet.reset_dimensions()
                cells = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
                yield sheet.title, _rows(cells, merged, file.path)
        finally:
            book.close()


@contextmanager
def _translated_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (SourceError, MemoryError):
        raise
    except RecursionError as error:
        raise SourceError(path, None, "is too large to be read") from error
    except Exception as error:  # a broken file can make any step of the parser fail
        if isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        ):
            reason = "declares XML entities, which are not allowed"
            raise SourceError(path, None, reason) from error
        hint = "Save it again as .xlsx, without a password, or as .csv."
        raise SourceError(path, None, "is not a readable Excel workbook", hint) from error


def _check_size(archive: zipfile.ZipFile, file: SourceFile) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    check_count(total, LARGEST_UNPACKED, "bytes when unpacked", file.path)
    if total > LARGEST_RATIO * len(file.data):
        reason = f"unpacks to more than {LARGEST_RATIO} times its size"
        raise SourceError(file.path, None, reason)
    for part in parts:
        name = part.filename.casefold()
        if "worksheets/" in name or not name.endswith((".xml", ".rels")):
            continue
        limit = LARGEST_STRINGS if "sharedstrings" in name else LARGEST_PART
        check_count(part.file_size, limit, "bytes in one part", file.path)


def _merged(archive: zipfile.ZipFile, name: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Map each (row, column) of a vertically merged range to the first cell of the range.

    The merged ranges follow the rows in a sheet's XML, so only the end of the part is parsed.
    """
    tail = b""
    try:
        with archive.open(name.lstrip("/")) as part:
            while block := part.read(_TAIL):
                tail = (tail + block)[-2 * _TAIL :]
    except KeyError:
        return {}
    start, end = tail.find(b"<mergeCells"), tail.find(b"</mergeCells>")
    if not 0 <= start < end:
        return {}
    inside: dict[tuple[int, int], tuple[int, int]] = {}
    for cell in fromstring(tail[start:end] + b"</mergeCells>"):
        left, top, _, bottom = range_boundaries(cell.get("ref", ""))
        if left is None or top is None or bottom is None or left > MOST_COLUMNS or top == bottom:
            continue
        if len(inside) + bottom - top > MOST_MERGED:
            break
        inside.update({(row, left): (top, left) for row in range(top + 1, bottom + 1)})
    return inside


def _rows(
    cells: Iterator[tuple[object, ...]],
    merged: dict[tuple[int, int], tuple[int, int]],
    path: Path,
) -> Iterator[list[str]]:
    firsts = dict.fromkeys(merged.values(), "")
    columns = {column for _, column in merged}
    with _translated_errors(path):
        for number, row in enumerate(cells, start=1):
            texts = [_cell_text(value) for value in row]
            for column in columns:
                at = (number, column)
                if column <= len(texts) and at in firsts:
                    firsts[at] = texts[column - 1]
                elif column <= len(texts) and at in merged and not texts[column - 1]:
                    texts[column - 1] = firsts[merged[at]]
            yield texts


def _cell_text(value: object) -> str:
    if value is None or (isinstance(value, str) and value in _ERRORS):
        return ""
    if isinstance(value, date):  # or a datetime
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
