from __future__ import annotations

import pytest

from index.sources.columns import assign, column_key, field_of, is_header
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("name", "field"), rows(__file__, "fields"))
def test_names_of_fields(name: str, field: str | None) -> None:
    found = field_of(name)
    assert (found[0] if found else None) == field


def test_case_spaces_underscores_and_plural_do_not_matter() -> None:
    assert len({column_key(name) for name in ("Short Defs", "short_def", "shortDef")}) == 1


@pytest.mark.parametrize(("names", "fields"), rows(__file__, "headers"))
def test_the_fields_of_a_row_of_names(names: str, fields: str) -> None:
    assert " ".join(assign(names.split(), {})) == fields


def test_a_mapping_goes_before_the_names() -> None:
    columns = {"term": "Begriff", "definition": "Term"}
    assert assign(["begriff", "Term", "Definition"], columns) == ["term", "definition", "long"]


def test_a_header_names_the_term_and_what_it_means() -> None:
    assert is_header(["Word", "Meaning"], {})
    assert not is_header(["Word", "Category"], {})
