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
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry, Section
from index.names import name_key
from index.search.answers.facts import asks_origin, lacks_external_fact, says_origin
from index.search.answers.parts import (
    Part,
    likeliest_part,
    part_of_section,
    part_probabilities,
)
from index.search.answers.sentences import (
    continued_definition,
    first_sentences,
    is_self_contained,
    prefix_term,
)
from index.search.answers.wording import described_in
from index.search.question_adapter import adapted_to_parts
from index.search.retrieval import cosines_of, shown_rows
from index.search.text_similarity import stems
from index.storage import Generation
from index.text import paragraphs, split_sentences

SIMILAR_QUESTION_COSINE = 0.6  # from which a question of the entry resembles the user's
ASKED_QUESTION_COSINE = 0.7  # from which the user asked that question in other words
SAME_QUESTION_COSINE = 0.9  # from which the user asked that question
WORDS_WEIGHT = 0.8  # of the share of the user's words in a part, beside a cosine
PART_WEIGHT = 0.6  # of the probability that a question is answered by such a part
QUESTION_PENALTY = 0.4  # of an answer, which has two cosines: its own and that of its question
_NAMES_IT = re.compile(r"(?:It|The (?:idea|method|model|name|technique|term))\b")
MAX_PARAGRAPHS = 3  # to embed, 18 ms each: those with the highest other scores


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A part of an entry that could be shown, with its heading. `vector` (`float32[d]`) is that of
    its text; for an answer, the sum with the vector of its question. `words` is the share of the
    user's words that it contains, 0…1. `asked` is the cosine of its question to the user's, if it
    is an answer."""

    part: Part
    heading: str
    text: str
    vector: NDArray[np.float32]
    words: float
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
    Headings in `told` are left out unless a question there is similar.
    """
    chances = part_probabilities(question)
    likeliest = likeliest_part(chances)
    asks_name = likeliest == "definition" and described_in(question) != question
    wanted = adapted_to_parts(generation, point)
    found = []
    for one in candidates(generation, embedder, entry, question, point, told):
        is_told = one.heading in told and (one.asked or 0.0) < SIMILAR_QUESTION_COSINE
        is_wanted = one.part == likeliest
        if (is_told and not (is_wanted and one.part == "definition")) or (
            one.part == "example" and not is_wanted
        ):
            continue
        score = float(wanted @ one.vector) + score_without_vector(one, chances)
        found.append(Excerpt(one.heading, one.text, score, one.asked))
    return sorted(
        found,
        key=lambda item: (
            not item.is_same,
            not (asks_name and item.heading == "Definition"),
            -item.score,
        ),
    )


def candidates(
    generation: Generation,
    embedder: Embedder,
    entry: Entry,
    question: str,
    point: NDArray[np.float32],
    told: Collection[str] = (),
) -> Iterator[Candidate]:
    """Yield the parts of `entry` that could answer `question` with the vector `point`
    (`float32[d]`); of the paragraphs, at most `MAX_PARAGRAPHS`, none from a section in `told`."""
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    continued = name_key(entry.term)  # the heading of sections that continue a long definition
    wanted = stems(question)
    rows = shown_rows(generation, entry.id)
    nearest: dict[tuple[str, str], tuple[float, int]] = {}  # rows by kind and heading
    cosines = cosines_of(generation, rows, point)
    for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True):
        passage = generation.passages[row]
        is_definition = passage.kind == "definition" or (
            passage.kind == "section" and name_key(passage.heading) == continued
        )
        kind = "definition" if is_definition else passage.kind
        heading = "Definition" if is_definition else passage.heading
        nearest[kind, heading] = max((cosine, row), nearest.get((kind, heading), (-1.0, row)))
    _, row = nearest["definition", "Definition"]
    text = prefix_term(entry, continued_definition(entry, generation.passages[row].text))
    share = _words_share(wanted, text)
    yield Candidate("definition", "Definition", text, generation.matrix[row], share)
    if entry.example:
        _, row = nearest["example", "Example"]
        text = first_sentences(entry.example)
        share = _words_share(wanted, text)
        yield Candidate("example", "Example", text, generation.matrix[row], share)
    for (kind, heading), (cosine, row) in nearest.items():
        if kind == "question":
            text = answers[heading]
            vector = generation.matrix[row] + generation.matrix[nearest["answer", heading][1]]
            share = _words_share(wanted, f"{heading} {text}")
            yield Candidate("question", heading, text, vector, share, cosine)
    sections = [part for part in entry.sections if name_key(part.heading) != continued]
    found = _paragraphs(sections, told, part_probabilities(question), wanted)[:MAX_PARAGRAPHS]
    vectors = embed_documents(embedder, [text for _, _, text, _ in found])
    for (part, heading, text, share), vector in zip(found, vectors, strict=True):
        yield Candidate(part, heading, text, vector, share)


def score_without_vector(candidate: Candidate, chances: Mapping[Part, float]) -> float:
    """Return the score of a candidate without the product of the vectors. `chances` are the
    probabilities of the kinds of parts for the question."""
    penalty = QUESTION_PENALTY if candidate.asked is not None else 0.0
    return WORDS_WEIGHT * candidate.words + PART_WEIGHT * chances[candidate.part] - penalty


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
        and not lacks_external_fact(question, sentence, entry)
    ][:1]


def _words_share(wanted: frozenset[str], text: str) -> float:
    return len(wanted & stems(text)) / max(1, len(wanted))


def _paragraphs(
    sections: Sequence[Section],
    told: Collection[str],
    chances: Mapping[Part, float],
    wanted: frozenset[str],
) -> list[tuple[Part, str, str, float]]:
    """Return the kind, heading, text and share of the user's words of the paragraphs that make
    sense on their own, the highest score besides the cosine first."""
    found = []
    for number, section in enumerate(sections):
        part = part_of_section(number, section.heading)
        parts = paragraphs(section.text) if section.heading not in told else []
        for at, paragraph in enumerate(parts):
            if at == 0 or is_self_contained(split_sentences(paragraph)[0]):
                text = first_sentences(paragraph)
                found.append((part, section.heading, text, _words_share(wanted, text)))
    return sorted(
        found, key=lambda item: -(PART_WEIGHT * chances[item[0]] + WORDS_WEIGHT * item[3])
    )
