"""Select the excerpt of an entry that answers a question and needs no context."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry
from index.names import name_key
from index.search.answers.extractive import (
    continued_definition,
    is_self_contained,
    prefix_term,
    split_sentences,
)
from index.search.answers.intents import Aim, aim_of, has_number
from index.search.retrieval import cosines_of, shown_rows
from index.storage import Generation

# Of two equivalent questions; the second is for requests for a description.
MIN_QUESTION_COSINE, MIN_DESCRIPTION_COSINE = 0.75, 0.9
# Minimum sum of the cosines to a question of the entry and to its answer, with `AIM_BONUS` added.
MIN_ANSWER_SCORE: dict[Aim, float] = {
    "cause": 1.2,
    "steps": 0.95,
    "number": 1.2,
    "fact": 1.15,
    "description": 1.6,
}
AIM_BONUS: dict[Aim, float] = {"cause": 0.5, "steps": 0.3, "number": 0.4, "fact": 0.2}
THREAD_REDUCTION = 0.4  # of that minimum in a thread
MAX_SECTIONS = 2  # searched outside a thread; more would take twice as long
MAX_WINDOW_SENTENCES = 3
SHORTEST, LONGEST = 60, 500  # characters of a window
MIN_WINDOW_COSINE = 0.42
MIN_WINDOW_COSINE_IN_THREAD = 0.28
WINDOW_MARGIN = 0.08  # in cosine, of a window over the definition
HEADING_BONUS = 0.1  # in cosine, for a heading that suits the aim
SENTENCE_BONUS = 0.03  # in cosine, for each sentence of a window

AIM_HEADINGS: dict[Aim, frozenset[str]] = {
    "cause": frozenset(["how", "cause", "causes"]),
    "steps": frozenset(["matters", "use", "using", "practice", "tips"]),
}
_POINTED = re.compile(r"\b(?:the|this|that|each|every|both|his|her|their) ([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text of an entry with its heading. For an answer, `question` is its question, and
    `is_asked` is true if the user asked an equivalent one. `is_weak` is true for a text that may be
    off topic."""

    heading: str
    text: str
    question: str = ""
    is_asked: bool = False
    is_weak: bool = False

    @property
    def shown(self) -> str:
        """The text, after its question if that differs from the user's."""
        return f"{self.question}\n{self.text}" if self.question and not self.is_asked else self.text


def best_excerpt(
    generation: Generation,
    embedder: Embedder,
    entry: Entry,
    question: str,
    bare: NDArray[np.float32],
    point: NDArray[np.float32],
    *,
    told: Collection[str] | None = None,
) -> Excerpt | None:
    """Select the excerpt of `entry` that answers `question`: the answer to a similar question,
    sentences of a section, or else the definition. `bare` is the vector of the question, and
    `point` its vector with the term of the entry (`float32[d]`). In a thread, `told` has the
    headings already shown; thresholds are then lower, and the definition is the last resort."""
    aim = aim_of(question)
    by_kind, running = _cosines_by_kind(generation, entry, point, told or ())
    asked, sections = by_kind["question"], by_kind["section"]
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    answered = by_kind["answer"]
    for heading in answered:
        if aim_of(heading) == aim or (aim == "number" and has_number(answers[heading])):
            answered[heading] += AIM_BONUS.get(aim, 0.0)
    defined = max(by_kind["definition"].values(), default=0.0)
    near, similar = 0.0, None
    if aim != "name" and answered:
        best = max(answered, key=lambda heading: 2 * asked[heading] + answered[heading])
        near, total = asked[best], asked[best] + answered[best]
        is_asked = near >= (MIN_DESCRIPTION_COSINE if aim == "description" else MIN_QUESTION_COSINE)
        enough = total >= MIN_ANSWER_SCORE[aim] and (
            told is not None or aim == "number" or near >= defined
        )
        similar = Excerpt(best, answers[best], best, is_asked, is_weak=not (is_asked or enough))
        if not similar.is_weak:
            return similar
        similar = similar if total >= MIN_ANSWER_SCORE[aim] - THREAD_REDUCTION else None
    window = None
    if told is not None or aim not in ("name", "description"):
        ahead = 0.0 if aim in ("cause", "steps") else WINDOW_MARGIN
        least = (
            MIN_WINDOW_COSINE_IN_THREAD
            if told is not None
            else max(MIN_WINDOW_COSINE, defined + ahead)
        )
        points = [bare, point] if told is not None else [bare]
        worth = {one: sections[one] + HEADING_BONUS * _suits(aim, one) for one in sections}
        headings = sorted(sections, key=worth.__getitem__, reverse=True)
        headings = headings[: MAX_SECTIONS if told is None else None]
        found = _best_window(embedder, entry, question, points, least, headings)
        if found is not None:
            prefer_similar = told is not None and aim != "cause" and near > found[1] + WINDOW_MARGIN
            window = similar if similar and prefer_similar else found[0]
    if told is not None and (window or similar or "Definition" in told) and not running:
        return window or similar
    return window or Excerpt("Definition", prefix_term(entry, continued_definition(entry, running)))


def _cosines_by_kind(
    generation: Generation, entry: Entry, point: NDArray[np.float32], told: Collection[str]
) -> tuple[Mapping[str, dict[str, float]], str]:
    """Return the highest cosine to `point` for each kind and heading of passages, and the nearest
    text that continues the definition. Questions in `told` are left out, unless the user asks one
    again."""
    rows = shown_rows(generation, entry.id)
    passages = [generation.passages[row] for row in rows]
    cosines = cosines_of(generation, rows, point).tolist()
    by_kind: defaultdict[str, dict[str, float]] = defaultdict(dict)
    over = set(told) - {
        passage.heading
        for passage, cosine in zip(passages, cosines, strict=True)
        if passage.kind == "question" and cosine >= MIN_QUESTION_COSINE
    }
    running, nearest = "", -1.0
    for passage, cosine in zip(passages, cosines, strict=True):
        under = by_kind[passage.kind]
        if passage.kind == "section" and name_key(passage.heading) == name_key(entry.term):
            if cosine > nearest:
                running, nearest = passage.text, cosine
        elif passage.kind not in ("question", "answer") or passage.heading not in over:
            under[passage.heading] = max(cosine, under.get(passage.heading, -1.0))
    return by_kind, running


def _best_window(
    embedder: Embedder,
    entry: Entry,
    question: str,
    points: Sequence[NDArray[np.float32]],
    least: float,
    headings: Collection[str],
) -> tuple[Excerpt, float] | None:
    """Return the window of sentences nearest to the question with its score; None below `least`.
    The score is the mean of two cosines: of the window to the first of `points`, and of the window
    with the term before each sentence to the second, if there is one."""
    said = f"{question} {entry.term} {entry.definition}"
    aim = aim_of(question)
    windows = [
        (section.heading, window)
        for section in entry.sections
        if section.heading in headings
        for window in sentence_windows(section.text, said)
        if aim != "number" or has_number(" ".join(window))
    ]
    if not windows:
        return None
    sentences = list(dict.fromkeys(sentence for _, window in windows for sentence in window))
    number = {sentence: at for at, sentence in enumerate(sentences)}
    near = np.array([HEADING_BONUS * _suits(aim, heading) for heading, _ in windows])
    for point, before in zip(points, ("", f"{entry.term} "), strict=False):
        vectors = embed_documents(embedder, [before + sentence for sentence in sentences])
        middles = np.array([vectors[[number[one] for one in w]].sum(axis=0) for _, w in windows])
        near += middles @ point / np.linalg.norm(middles, axis=1) / len(points)
    best = int((near + [SENTENCE_BONUS * len(window) for _, window in windows]).argmax())
    if near[best] < least:
        return None
    heading, window = windows[best]
    score = float(near[best])
    return Excerpt(
        heading, " ".join(window), is_weak=score < MIN_WINDOW_COSINE - WINDOW_MARGIN
    ), score


def _suits(aim: Aim, heading: str) -> bool:
    return not AIM_HEADINGS.get(aim, frozenset()).isdisjoint(name_key(heading).split())


def sentence_windows(text: str, said: str = "") -> list[list[str]]:
    """Return every window of up to `MAX_WINDOW_SENTENCES` consecutive sentences that makes sense to
    a reader who has read only `said`."""
    windows = []
    before = ""
    for paragraph in re.split(r"\n\s*\n", text):
        sentences = split_sentences(paragraph)
        for start, first in enumerate(sentences):
            for end in range(start + 1, min(len(sentences), start + MAX_WINDOW_SENTENCES) + 1):
                window = sentences[start:end]
                length = sum(map(len, window))
                fits = length >= SHORTEST and (end - start == 1 or length <= LONGEST)
                if fits and is_self_contained(first) and not _points_back(window, before, said):
                    windows.append(window)
            before += " " + first
    return windows


def _points_back(window: Sequence[str], before: str, said: str) -> bool:
    """Whether a window refers to a noun ("the barrister") from `before` that is not in `said`."""
    pointed = {word.casefold() for word in _POINTED.findall(" ".join(window))}
    return bool((pointed & _words(before)) - _words(said))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.casefold()))
