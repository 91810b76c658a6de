"""Records for the question log."""

from datetime import UTC, datetime
from typing import Any

from index.storage.db.questions import QuestionRecord


def question_record(name: str = "a", **others: Any) -> QuestionRecord:
    """Return the record of an answered question that U1 has just asked in a public channel."""
    given: dict[str, Any] = {"at": datetime.now(UTC), "person": "U1", "place": "public"}
    given |= {"channel": "C1", "text": f"What is {name}?", "outcome": "answered"}
    return QuestionRecord(id=name, **given | others)
