"""List entries as a reply: all of them, or those of a category or a letter."""

from index.search.browse import PageRef, contents, letter_of, page_of
from index.search.choices import resolve_choice
from index.search.results import EntryList, ListedEntry
from index.storage import Generation

PAGE = 25  # entries on a page
MAX_CATEGORIES = 200


def list_entries(
    generation: Generation,
    category: str = "",
    letter: str = "",
    page: int = 1,
    size: int = PAGE,
) -> EntryList:
    """Return a page of `size` entries, of those in `category` (a word of its name is enough) whose
    terms begin with `letter`; an empty name is any. A page out of range is the nearest one. Raises
    `NotFound` for an unknown category."""
    if category:
        category = resolve_choice(category, generation.categories, "category", "Categories")
    letter = letter_of(letter) if letter else ""
    chosen = (
        entry
        for entry in generation.listed
        if (not category or category in entry.categories)
        and (not letter or letter_of(entry.term) == letter)
    )
    found = page_of(chosen, PageRef("all", number=page), size)
    return EntryList(
        generation=generation.id,
        model=generation.model,
        category=category,
        letter=letter,
        entries=tuple(
            ListedEntry(one.id, one.term, one.category, one.definition, one.source)
            for one in found.entries
        ),
        first=found.first,
        total=found.total,
        page=found.place.number,
        pages=found.pages,
        categories=() if category else contents(generation).categories[:MAX_CATEGORIES],
    )
