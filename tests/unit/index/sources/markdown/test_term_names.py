import pytest

from index.sources.markdown.term_names import is_acronym, split_name
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("raw", "term", "aliases"), rows(__file__, "names"))
def test_a_heading_is_split_into_term_and_aliases(
    raw: str, term: str, aliases: tuple[str, ...]
) -> None:
    assert split_name(raw) == (term, aliases)


@pytest.mark.parametrize(("short", "long", "expected"), rows(__file__, "acronyms"))
def test_acronyms_are_recognized(short: str, long: str, expected: bool) -> None:
    assert is_acronym(short, long) is expected
