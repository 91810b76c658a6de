import pytest

from index.sources.columns import assign, field_of
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("name", "field"), rows(__file__, "fields"))
def test_a_column_name_is_mapped_to_a_field(name: str, field: str | None) -> None:
    found = field_of(name)
    assert (found[0] if found else None) == field


@pytest.mark.parametrize(("names", "fields"), rows(__file__, "headers"))
def test_the_column_names_of_a_header_are_mapped_to_fields(names: str, fields: str) -> None:
    assert " ".join(assign(names.split(), {})) == fields


def test_a_column_mapping_overrides_recognized_names() -> None:
    columns = {"term": "Begriff", "definition": "Term"}
    assert assign(["begriff", "Term", "Definition"], columns) == ["term", "definition", "long"]
