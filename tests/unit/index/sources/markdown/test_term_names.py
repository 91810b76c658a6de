from __future__ import annotations

import pytest

from index.sources.markdown.term_names import (
    acronym_in,
    alias_line,
    is_acronym,
    points_to,
    split_also,
    split_name,
)
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("raw", "term", "aliases"), rows(__file__, "names"))
def test_a_heading_is_split_into_term_and_aliases(
    raw: str, term: str, aliases: tuple[str, ...]
) -> None:
    assert split_name(raw) == (term, aliases)


@pytest.mark.parametrize(("short", "long", "expected"), rows(__file__, "acronyms"))
def test_acronyms_are_recognized(short: str, long: str, expected: bool) -> None:
    assert is_acronym(short, long) is expected


def test_names_at_the_start_of_a_definition_are_aliases() -> None:
    assert split_also("Also known as picking. A throw.") == (("picking",), "A throw.")
    assert split_also("(aka pick, shot or throw) one pass") == (
        ("pick", "shot", "throw"),
        "One pass",
    )
    assert split_also("A throw, also known as picking.")[0] == ()
    assert alias_line("Also known as: pick, shot") == ("pick", "shot")
    assert acronym_in("An optical thread counter (OTC) counts.", "Optical thread counter") == (
        "OTC",
    )


def test_references_to_another_term_are_recognized() -> None:
    assert points_to("See Warp.") == points_to("→ Warp") == points_to("see also: Warp") == "Warp"
    assert points_to("See how the warp runs. It is long.") == ""
