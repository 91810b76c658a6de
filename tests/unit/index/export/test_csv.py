import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from index.entry import Sense
from index.export.csv import to_csv
from index.export.writer import export
from tests.unit.index.export.support import WHOLE, comparable, imported, plain


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "'=", "''"])
def test_cells_are_never_formulas_and_keep_every_character(sign: str, tmp_path: Path) -> None:
    formula = f'{sign}HYPERLINK("https://example.org";A1)'
    entry = replace(
        plain("team/a", formula, formula),
        aliases=(formula,),
        category=formula,
        example=formula,
        licence=formula,
        senses=(Sense(formula, formula), Sense(formula + "2", formula)),
    )
    for row in cells(to_csv([entry])):
        assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in row.values())
    done = export([entry], "csv", tmp_path / "x.csv")
    assert comparable(imported(Path(done.path)).entries) == comparable([entry])


@pytest.mark.parametrize("between", [";", "\t"])
def test_a_table_saved_by_a_spreadsheet_is_read(between: str, tmp_path: Path) -> None:
    entries = [WHOLE, plain("team/a", "A")]
    saved = io.StringIO()
    rows = csv.reader(io.StringIO(to_csv(entries).removeprefix("\ufeff")))
    csv.writer(saved, delimiter=between).writerows(rows)
    (tmp_path / "x.csv").write_text(saved.getvalue(), encoding="utf-8", newline="")
    assert comparable(imported(tmp_path / "x.csv").entries) == comparable(entries)
