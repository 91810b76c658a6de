from __future__ import annotations

import pytest

from index.sources.columns import assign, column_key, field_of, is_header


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Term", "term"),
        ("HEADWORD", "term"),
        ("Glossary Terms", "term"),
        ("acronyms", "acronym"),
        ("fullForm", "expansion"),
        ("full_form", "expansion"),
        ("short_def", "definition"),
        ("Definition (English)", "definition"),
        ("Meaning / Description", "definition"),
        ("Business Definition", "definition"),
        ("long-def", "long"),
        ("Context", "context"),
        ("Categories", "category"),
        ("A.K.A.", "aliases"),
        ("aka", "aliases"),
        ("Also Known As", "aliases"),
        ("See also", "related"),
        ("Search phrases", "search_phrases"),
        ("search_phrase", "search_phrases"),
        ("searchPhrases", "search_phrases"),
        ("Also asked as", "search_phrases"),
        ("phrase", "term"),
        ("keywords", "term"),
        ("last_reviewed", "updated"),
        ("License", "licence"),
        ("ID", ""),
        ("Frobnication", None),
        ("", None),
        ("a definition that is a whole long sentence about " * 3, None),
    ],
)
def test_names_of_fields(name: str, field: str | None) -> None:
    found = field_of(name)
    assert (found[0] if found else None) == field


def test_case_spaces_underscores_and_plural_do_not_matter() -> None:
    assert len({column_key(name) for name in ("Short Defs", "short_def", "shortDef")}) == 1


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        ("Term Definition Category", "term definition category"),
        ("Title Term Definition", "other term definition"),
        ("Acronym Meaning Description", "term expansion definition"),
        ("Acronym Definition Description", "term expansion definition"),
        ("Acronym Definition", "term expansion"),
        ("Acronym Description", "term definition"),
        ("Acronym Term Definition", "aliases term definition"),
        ("Acronym Name", "term expansion"),
        ("Abbreviation Expansion Description", "term expansion definition"),
        ("Term Description Definition", "term long definition"),
        ("Term short_def long_def", "term definition long"),
        ("Foo Bar", "other other"),
    ],
)
def test_the_fields_of_a_row_of_names(names: str, fields: str) -> None:
    assert " ".join(assign(names.split(), {})) == fields


def test_a_mapping_goes_before_the_names() -> None:
    columns = {"term": "Begriff", "definition": "Term"}
    assert assign(["begriff", "Term", "Definition"], columns) == ["term", "definition", "long"]


def test_a_header_names_the_term_and_what_it_means() -> None:
    assert is_header(["Word", "Meaning"], {})
    assert not is_header(["Word", "Category"], {})
