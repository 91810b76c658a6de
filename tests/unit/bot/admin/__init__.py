"""Users, and pages to index, for tests of the admin commands."""

from pathlib import Path

from bot.identity import User

ADA = User("U1", admin=True, name="ada")
CLEO = User("U3", name="cleo")
PAGE = "---\nterm: {term}\n---\n{text}\n\n## Questions\n### Who needs a {term}?\nThe crew.\n"


def write(folder: Path, term: str, text: str = "A part of a ship.") -> Path:
    """Write a page of an encyclopedia into `folder`."""
    file = folder / f"{term.casefold()}.md"
    file.write_text(PAGE.format(term=term, text=text))
    return file
