"""Read JSON Lines files of documents and questions, with their errors named by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from index.errors import SourceError
from index.text import clean, one_line

LAYOUT = "A folder in the BEIR layout contains corpus.jsonl, queries.jsonl and qrels.tsv."


def converted_by(make: Callable[[str], str]) -> BeforeValidator:
    """Return a validator that converts a text; values of other types stay as they are."""
    return BeforeValidator(lambda value: make(value) if isinstance(value, str) else value)


Asked = Annotated[str, Field(min_length=1), converted_by(clean)]
Line = Annotated[str, Field(min_length=1), converted_by(one_line)]
Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the corpus; title or text may be empty, but not both."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """The title and the text joined by a space, as in BEIR."""
        return f"{self.title} {self.text}".strip()


def rows_of(file: Path, kind: type[Row], layout: str = LAYOUT) -> Iterator[tuple[int, Row]]:
    """Yield the objects of a JSON Lines file with their line numbers, from 1.

    Raises `SourceError` for an invalid line; `layout` is the hint when the file is missing.
    """
    for line, text in lines_of(file, layout):
        try:
            yield line, kind.model_validate_json(text)
        except ValidationError as error:
            wrong = error.errors()[0]
            where = "".join(f'"{part}": ' for part in wrong["loc"][:1])
            raise SourceError(file, line, f"{where}{wrong['msg']}", layout) from error


def lines_of(file: Path, layout: str = LAYOUT) -> Iterator[tuple[int, str]]:
    """Yield the nonblank lines of a UTF-8 file with their numbers, from 1.

    Raises `SourceError` when the file cannot be read; `layout` is the hint for a missing file.
    """
    try:
        with file.open("rb") as stream:
            for line, content in enumerate(stream, start=1):
                text = content.decode("utf-8-sig" if line == 1 else "utf-8").rstrip("\r\n")
                if text.strip():
                    yield line, text
    except FileNotFoundError as error:
        raise SourceError(file, None, "the file does not exist", layout) from error
    except UnicodeDecodeError as error:
        raise SourceError(file, line, "is not UTF-8 text", "Save it as UTF-8.") from error
    except OSError as error:
        raise SourceError(file, None, f"cannot be read: {error.strerror}") from error
