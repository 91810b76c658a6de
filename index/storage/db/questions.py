"""The question log: questions, the answers shown, and votes on them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from index.storage.db.drafts import Drafts
from index.storage.db.part import LedgerPart, count_changed, from_row
from index.storage.db.schema import questions, votes
from index.storage.db.suggestions import Suggestions
from index.storage.db.way_ledger import WayProposals
from index.text import shorten

Place = Literal["public", "private", "direct", "quoted", "terminal"]
"""Where a question was asked. `quoted`: it is a message of another user ("What's near this?")."""
AskedOutcome = Literal["answered", "declined", "sparse", "unknown"]
"""The outcome of a question. `declined`: no entry answers it; `sparse`: it is out of domain;
`unknown`: it asks for an entry by an unknown name."""

OPEN_PLACES: tuple[Place, ...] = ("public", "terminal")
"""The places whose questions may be shown to the glossary's owners."""

LONGEST_QUESTION = 1_000  # characters
LONGEST_ANSWER = 3_000  # characters
MAX_ENTRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """A question and its outcome. `id` has up to 16 characters; an edited question keeps its id.
    `person` is a Slack user id, or `operator` in the terminal, where `channel` is empty. `entries`
    are the ids of the entries shown, in order. `told` is true if the user agreed to show the
    question to the glossary's owners. `seconds` is the time to answer, if measured."""

    id: str
    at: datetime
    person: str
    place: Place
    channel: str
    text: str = ""
    outcome: AskedOutcome = "answered"
    answer: str = ""
    entries: tuple[str, ...] = ()
    generation: str | None = None
    told: bool = False
    seconds: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the glossary's owners may see the question."""
        return self.told or self.place in OPEN_PLACES


@dataclass(frozen=True, slots=True)
class PopularQuestion:
    """A question and the number of people who asked it."""

    what: str
    people: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of questions, people, questions without an answer, and votes."""

    questions: int
    people: int
    unanswered: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class DeletedUserData:
    """The numbers of records deleted for a user."""

    questions: int
    votes: int
    drafts: int = 0
    suggestions: int = 0


_COUNTS = select(func.count().filter(votes.c.helpful), func.count().filter(~votes.c.helpful))


class Questions(LedgerPart):
    def keep(self, question: QuestionRecord) -> None:
        """Save a question, replacing one with the same id. Long texts are truncated. If the text or
        answer has changed, the votes on it and the consent to show it are deleted, and so are open
        proposals of its earlier text as a way to ask."""
        row = _row(question)
        known = select(questions.c.text, questions.c.answer).where(questions.c.id == question.id)
        with self._database.writing() as connection:
            before = connection.execute(known).first()
            if before == (row["text"], row["answer"]):
                return
            if before is not None:
                WayProposals.forget_within(connection, [before.text])
            connection.execute(delete(votes).where(votes.c.question == question.id))
            self._database.put(connection, questions, [row])

    def get(self, question: str) -> QuestionRecord | None:
        row = self._database.row(select(questions).where(questions.c.id == question))
        return None if row is None else _question(row)

    def vote(
        self, question: str, person: str, *, helpful: bool, at: datetime
    ) -> tuple[int, int] | None:
        """Record a person's vote, replacing an earlier one but not a later one. Returns the numbers
        of helpful and other votes on the question, or None if it does not exist."""
        row = {"question": question, "person": person, "helpful": helpful, "at": at.timestamp()}
        of_person = and_(votes.c.question == question, votes.c.person == person)
        with self._database.writing() as connection:
            if not connection.execute(select(questions).where(questions.c.id == question)).first():
                return None
            before = connection.execute(select(votes.c.at).where(of_person)).scalar()
            if before is None or before <= row["at"]:
                self._database.put(connection, votes, [row])
            counts = _COUNTS.where(votes.c.question == question)
            helpful_votes, others = connection.execute(counts).one()
            return helpful_votes, others

    def share_with_owners(self, question: str, person: str) -> bool:
        """Record a person's consent to show their question to the glossary's owners. Returns False
        if the person did not ask the question; nobody else can consent."""
        own = and_(questions.c.id == question, questions.c.person == person)
        return bool(self._database.run(update(questions).where(own).values(told=True)))

    def recent(self, person: str, limit: int) -> list[QuestionRecord]:
        """Return a person's latest questions, newest first, without repeated texts."""
        own = (
            select(questions, func.max(questions.c.at).over(partition_by=_text()).label("last"))
            .where(questions.c.person == person)
            .subquery()
        )
        chosen = select(own).where(own.c.at == own.c.last).order_by(own.c.at.desc()).limit(limit)
        return [_question(row) for row in self._database.rows(chosen)]

    def most_asked(self, limit: int) -> list[PopularQuestion]:
        """Return the answered public questions that the most people asked, most people first."""
        people = func.count(questions.c.person.distinct())
        chosen = (
            select(func.min(questions.c.text).label("what"), people.label("people"))
            .where(
                questions.c.place == "public",
                questions.c.outcome == "answered",
                questions.c.first != "",
            )
            .group_by(_text())
            .order_by(people.desc(), func.max(questions.c.at).desc())
            .limit(limit)
        )
        return [PopularQuestion(**row) for row in self._database.rows(chosen)]

    def latest_public(self, limit: int) -> list[str]:
        """Return the texts of the latest questions asked in public places, newest first, without
        repeated ones."""
        chosen = (
            select(func.min(questions.c.text).label("text"))
            .where(questions.c.place == "public", questions.c.text != "")
            .group_by(_text())
            .order_by(func.max(questions.c.at).desc())
            .limit(limit)
        )
        return [str(row["text"]) for row in self._database.rows(chosen)]

    def summary(self, since: datetime) -> Summary:
        """Count the questions and votes since a time, including private ones."""
        asked = select(
            func.count(),
            func.count(questions.c.person.distinct()),
            func.count().filter(questions.c.outcome != "answered"),
        ).where(questions.c.at >= since.timestamp())
        voted = _COUNTS.where(votes.c.at >= since.timestamp())
        with self._database.reading() as connection:
            return Summary(*connection.execute(asked).one(), *connection.execute(voted).one())

    def remove(self, question: str) -> None:
        """Delete a question, and open proposals of its text as a way to ask."""
        this = questions.c.id == question
        with self._database.writing() as connection:
            texts = connection.execute(select(questions.c.text).where(this)).scalars().all()
            WayProposals.forget_within(connection, texts)
            connection.execute(delete(questions).where(this))

    def forget(self, person: str) -> DeletedUserData:
        """Delete a person's questions with the votes on them and open proposals of their texts as
        ways to ask, and the person's own votes, drafts and open suggestions. Returns the numbers of
        deleted records."""
        own = questions.c.person == person
        with self._database.writing() as connection:
            texts = connection.execute(select(questions.c.text).where(own)).scalars().all()
            WayProposals.forget_within(connection, texts)
            voted = count_changed(connection, delete(votes).where(votes.c.person == person))
            asked = delete(questions).where(own)
            done = DeletedUserData(
                count_changed(connection, asked),
                voted,
                Drafts.forget(connection, person),
                Suggestions.forget(connection, person),
            )
        self._database.truncate_log()
        return done

    def forget_older(self, than: datetime) -> int:
        """Delete the questions asked before a time with their votes; return their number."""
        return self._database.run(delete(questions).where(questions.c.at < than.timestamp()))


def _row(question: QuestionRecord) -> dict[str, Any]:
    entries = question.entries[:MAX_ENTRIES]
    return asdict(question) | {
        "at": question.at.timestamp(),
        "text": shorten(question.text, LONGEST_QUESTION),
        "answer": shorten(question.answer, LONGEST_ANSWER),
        "first": entries[0] if entries else "",
        "entries": json.dumps(entries),
    }


def _question(row: Mapping[Any, Any]) -> QuestionRecord:
    return from_row(QuestionRecord, row, entries=tuple(json.loads(row["entries"])))


def _text() -> ColumnElement[str]:
    return func.lower(questions.c.text)
