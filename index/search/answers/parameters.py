"""The parameters of reading, fitted by `python -m tools.reading.train`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

FILE = "reading.json"


@dataclass(frozen=True, slots=True)
class ReadingParameters:
    """The weights of the signals of the `reader`, of a candidate's `score`, and of the one
    `number`; the numbers from which an answer is given, is given without a hedge, and is sure.
    Within `margin` of the best score, a second excerpt is shown."""

    reader: dict[str, float]
    score: dict[str, float]
    number: dict[str, float]
    answered: float
    unhedged: float
    sure: float
    margin: float


@cache
def reading_parameters() -> ReadingParameters:
    text = Path(__file__).with_name(FILE).read_text(encoding="utf-8")
    return TypeAdapter(ReadingParameters).validate_json(text)
