"""Select the part of an entry that answers a question.

The parts are the definition, the paragraphs of the sections, and the answers to the questions in
the entry; the example is one only if the question asks for an example. The score of a part is the
product of its vector and the adapted vector of the question (see `question_adapter`), plus a share
of the user's words that it contains, plus a share of the probability that such a question is
answered by such a part (see `parts`). The part with the highest score is shown, an answer below its
question; for a question for the name of what it describes, the definition, if that is the
likeliest part.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry
from index.names import name_key
from index.search.answers.facts import asks_origin, lacks_external_fact, says_origin
from index.search.answers.parts import Part, likeliest_part, part_of_section, part_probabilities
from index.search.answers.sentences import (
    continued_definition,
    first_sentences,
    is_self_contained,
    prefix_term,
)
from index.search.answers.wording import described_in
from index.search.neighbours import matched_sense
from index.search.question_adapter import adapted_to_parts
from index.search.retrieval import cosines_of, shown_rows
from index.search.text_similarity import stems
from index.storage import Generation
from index.text import paragraphs, split_sentences

SIMILAR_QUESTION_COSINE = 0.6  # from which a question of the entry resembles the user's
ASKED_QUESTION_COSINE = 0.7  # from which the user asked that question in other words
SAME_QUESTION_COSINE = 0.9  # from which the user asked that question
WORDS_WEIGHT = 0.8  # of the share of the user's words in a part, beside the product of the vectors
PART_WEIGHT = 0.6  # of the probability that a question is answered by such a part
_NAMES_IT = re.compile(r"(?:It|The (?:idea|method|model|name|technique|term))\b")
MAX_PARAGRAPHS = 3  # to embed, 18 ms each: those with the highest other scores


@dataclass(frozen=True, slots=True, eq=False)
class EntryPart:
    """A part of an entry that could be shown. `vector` (`float32[d]`) is that of its text; for an
    answer, the mean of those of the answer and its question. `wording` is the score of its words
    and of its kind for the question, 0…1.4, and `asked` the cosine of its question to the user's,
    if it is an answer."""

    part: Part
    heading: str
    text: str
    vector: NDArray[np.float32]
    wording: float
    asked: float | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt from an entry, with its heading and score. If it answers a question in the entry,
    the heading is that question, and `asked` is its cosine to the user's question."""

    heading: str
    text: str
    score: float
    asked: float | None = None

    @property
    def is_similar(self) -> bool:
        """Whether it answers a question similar to the user's."""
        return self.asked is not None and self.asked >= SIMILAR_QUESTION_COSINE

    @property
    def is_asked(self) -> bool:
        """Whether it answers what the user asked in other words."""
        return self.asked is not None and self.asked >= ASKED_QUESTION_COSINE

    @property
    def is_same(self) -> bool:
        """Whether it answers what the user asked in almost the same words."""
        return self.asked is not None and self.asked >= SAME_QUESTION_COSINE

    @property
    def shown(self) -> str:
        """The text to show: the excerpt, preceded by its question unless the user asked that."""
        is_plain = self.asked is None or self.is_same
        return self.text if is_plain else f"{self.heading}\n{self.text}"


def ranked_excerpts(
    generation: Generation,
    embedder: Embedder,
    entry: Entry,
    question: str,
    point: NDArray[np.float32],
    told: Collection[str] = (),
) -> list[Excerpt]:
    """Return the excerpts of `entry`, the best answer to `question` first.

    `point` (`float32[d]`) is the vector of the question, interpreted as a question about the entry.
    Parts with a heading in `told` are left out (see `parts_of`).
    """
    chances = part_probabilities(question)
    likeliest = likeliest_part(chances)
    asks_name = likeliest == "definition" and described_in(question) != question
    adapted = adapted_to_parts(generation, point)
    found = [
        Excerpt(one.heading, one.text, float(adapted @ one.vector) + one.wording, one.asked)
        for one in parts_of(generation, embedder, entry, question, point, told)
        if one.part == likeliest or one.part != "example"
    ]
    return sorted(
        found,
        key=lambda item: (
            not item.is_same,
            not (asks_name and item.heading == "Definition"),
            -item.score,
        ),
    )


def parts_of(
    generation: Generation,
    embedder: Embedder,
    entry: Entry,
    question: str,
    point: NDArray[np.float32],
    told: Collection[str] = (),
) -> Iterator[EntryPart]:
    """Yield the parts of `entry` that could answer `question` with the vector `point`
    (`float32[d]`), at most `MAX_PARAGRAPHS` of them paragraphs.

    Parts with a heading in `told` are left out, except a definition that is asked for and an answer
    to a similar question.
    """
    chances = part_probabilities(question)
    stems_asked = stems(question)

    def wording(part: Part, text: str) -> float:
        share = len(stems_asked & stems(text)) / max(1, len(stems_asked))
        return WORDS_WEIGHT * share + PART_WEIGHT * chances[part]

    nearest = _nearest_rows(generation, entry, point)
    if "Definition" not in told or likeliest_part(chances) == "definition":
        _, row = nearest["definition", "Definition"]
        passage = generation.passages[row]
        text = matched_sense(passage) or continued_definition(entry, passage.text)
        text = prefix_term(entry, text)
        vector = generation.matrix[row]
        yield EntryPart("definition", "Definition", text, vector, wording("definition", text))
    if entry.example and "Example" not in told:
        _, row = nearest["example", "Example"]
        text = first_sentences(entry.example)
        yield EntryPart(
            "example", "Example", text, generation.matrix[row], wording("example", text)
        )
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    for (kind, heading), (cosine, row) in nearest.items():
        if kind == "question" and (heading not in told or cosine >= SIMILAR_QUESTION_COSINE):
            vector = generation.matrix[[row, nearest["answer", heading][1]]].mean(axis=0)
            score = wording("question", f"{heading} {answers[heading]}")
            yield EntryPart("question", heading, answers[heading], vector, score, cosine)
    found = [
        (wording(part, text), part, heading, text)
        for part, heading, text in shown_paragraphs(entry)
        if heading not in told
    ]
    found = sorted(found, key=lambda item: -item[0])[:MAX_PARAGRAPHS]
    vectors = embed_documents(embedder, [text for _, _, _, text in found])
    for (score, part, heading, text), vector in zip(found, vectors, strict=True):
        yield EntryPart(part, heading, text, vector, score)


def origin_excerpts(generation: Generation, entry: Entry, question: str) -> list[Excerpt]:
    """Return the sentence of the introduction that says who made the thing or when, if the question
    asks it."""
    if not entry.sections or not asks_origin(question):
        return []
    first = entry.sections[0]
    return [
        Excerpt(first.heading, prefix_term(entry, sentence), 0.0)
        for sentence in split_sentences(first.text)
        if (_NAMES_IT.match(sentence) or entry.id in generation.names.find_in(sentence))
        and says_origin(sentence)
        and not lacks_external_fact(question, sentence)
    ][:1]


def _nearest_rows(
    generation: Generation, entry: Entry, point: NDArray[np.float32]
) -> dict[tuple[str, str], tuple[float, int]]:
    """Return, for each kind and heading of passages of `entry`, the cosine and the row of the one
    nearest to `point` (`float32[d]`, not adapted). Sections that continue a long definition, and
    further meanings, count as the definition."""
    rows = shown_rows(generation, entry.id)
    nearest: dict[tuple[str, str], tuple[float, int]] = {}
    cosines = cosines_of(generation, rows, point)
    for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True):
        passage = generation.passages[row]
        key = (passage.kind, passage.heading)
        is_continued = name_key(passage.heading) == name_key(entry.term)
        if passage.kind == "definition" or (passage.kind == "section" and is_continued):
            key = ("definition", "Definition")
        nearest[key] = max((cosine, row), nearest.get(key, (-1.0, row)))
    return nearest


def shown_paragraphs(entry: Entry) -> Iterator[tuple[Part, str, str]]:
    """Yield the kind, heading and text of the paragraphs of `entry` that make sense on their own.
    Sections that continue a long definition have none."""
    sections = [one for one in entry.sections if name_key(one.heading) != name_key(entry.term)]
    for number, section in enumerate(sections):
        for at, paragraph in enumerate(paragraphs(section.text)):
            if at == 0 or is_self_contained(split_sentences(paragraph)[0]):
                part = part_of_section(number, section.heading)
                yield part, section.heading, first_sentences(paragraph)
