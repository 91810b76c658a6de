"""The one paragraph of an entry that answers a question and can be understood by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry
from index.names import name_key
from index.search.answers.extractive import behind_term, running_text, sentences_of, stands_alone
from index.search.answers.intents import Aim, aim_of, has_number
from index.search.retrieval import cosines_of, shown_rows
from index.storage import Generation

# Cosine of a question to one of the entry's own from which they are the same; the latter where the
# aim is only a description.
ASKED, SAME = 0.75, 0.9
# What the cosines to another question and to its answer add up to, at least, with `SAME_AIM`.
ANSWERED: dict[Aim, float] = {
    "cause": 1.2,
    "steps": 0.95,
    "number": 1.2,
    "fact": 1.15,
    "description": 1.6,
}
SAME_AIM: dict[Aim, float] = {"cause": 0.5, "steps": 0.3, "number": 0.4, "fact": 0.2}
ONCE_TOLD = 0.4  # less is enough where the definition was told before
SECTIONS = 2  # looked through for sentences outside a thread: more would take twice as long
WINDOW = 3  # sentences
SHORTEST, LONGEST = 60, 500  # characters of them
LEAST = 0.42  # cosine of a window
LEAST_TOLD = 0.28  # mean of its cosines where the definition was told before
AHEAD = 0.08  # of cosine, of a window before the definition
PLACED = 0.1  # of cosine, what a heading that promises the answer is worth
LONGER = 0.03  # of cosine, what a further sentence of context is worth

# Words of the headings under which causes and steps stand.
PLACES: dict[Aim, frozenset[str]] = {
    "cause": frozenset(["how", "cause", "causes"]),
    "steps": frozenset(["matters", "use", "using", "practice", "tips"]),
}
_POINTED = re.compile(r"\b(?:the|this|that|each|every|both|his|her|their) ([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text of an entry, and the heading that it stands under; `question` is that of an answer,
    `is_asked` tells that it is as good as the one that was asked, `is_weak` that it may be about
    something else."""

    heading: str
    text: str
    question: str = ""
    is_asked: bool = False
    is_weak: bool = False

    @property
    def shown(self) -> str:
        """The text, behind its question where that is another than was asked."""
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
    """What `entry` says to `question`, which lies at `bare` as it stands and at `point` as one
    about the entry, `float32[d]` each: the answer to a question like it, sentences of a section,
    or else the definition. In a thread, where `told` has the headings that were told, less is
    enough, and the definition is the last resort."""
    aim = aim_of(question)
    heard, running = _heard(generation, entry, point, told or ())
    asked, read = heard["question"], heard["section"]
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    answered = {
        heading: cosine + SAME_AIM.get(aim, 0.0) * _has_aim(aim, heading, answers[heading])
        for heading, cosine in heard["answer"].items()
    }
    defined = max(heard["definition"].values(), default=0.0)
    near, like = 0.0, None  # the answer to the question that is most like it
    if aim != "name" and answered:
        best = max(answered, key=lambda heading: 2 * asked[heading] + answered[heading])
        near, total = asked[best], asked[best] + answered[best]
        is_asked = near >= (SAME if aim == "description" else ASKED)
        enough = total >= ANSWERED[aim] and (told is not None or aim == "number" or near >= defined)
        like = Excerpt(best, answers[best], best, is_asked, is_weak=not (is_asked or enough))
        if not like.is_weak:
            return like
        like = like if total >= ANSWERED[aim] - ONCE_TOLD else None
    window = None
    if told is not None or aim not in ("name", "description"):
        ahead = 0.0 if aim in ("cause", "steps") else AHEAD
        least = LEAST_TOLD if told is not None else max(LEAST, defined + ahead)
        points = [bare, point] if told is not None else [bare]
        worth = {one: read[one] + PLACED * _is_placed(aim, one) for one in read}
        headings = sorted(read, key=worth.__getitem__, reverse=True)
        headings = headings[: SECTIONS if told is None else None]
        found = _best_window(embedder, entry, question, points, least, headings)
        if found is not None:
            rather = told is not None and aim != "cause" and near > found[1] + AHEAD
            window = like if like and rather else found[0]
    if told is not None and (window or like or "Definition" in told) and not running:
        return window or like
    return window or Excerpt("Definition", behind_term(entry, running_text(entry, running)))


def _heard(
    generation: Generation, entry: Entry, point: NDArray[np.float32], told: Collection[str]
) -> tuple[Mapping[str, dict[str, float]], str]:
    """The cosines of an entry's passages to `point`, by their kind and then by their heading, the
    highest of each; and the nearest text that goes on from the definition. Questions that were
    `told` are left out, unless one is asked again: that gets the same answer again."""
    rows = shown_rows(generation, entry.id)
    passages = [generation.passages[row] for row in rows]
    cosines = cosines_of(generation, rows, point).tolist()
    heard: defaultdict[str, dict[str, float]] = defaultdict(dict)
    over = set(told) - {
        passage.heading
        for passage, cosine in zip(passages, cosines, strict=True)
        if passage.kind == "question" and cosine >= ASKED
    }
    running, nearest = "", -1.0
    for passage, cosine in zip(passages, cosines, strict=True):
        under = heard[passage.kind]
        if passage.kind == "section" and name_key(passage.heading) == name_key(entry.term):
            if cosine > nearest:
                running, nearest = passage.text, cosine
        elif passage.kind not in ("question", "answer") or passage.heading not in over:
            under[passage.heading] = max(cosine, under.get(passage.heading, -1.0))
    return heard, running


def _has_aim(aim: Aim, question: str, answer: str) -> bool:
    """Whether an answer, or the question that it is to, is of this aim."""
    return aim_of(question) == aim or (aim == "number" and has_number(answer))


def _best_window(
    embedder: Embedder,
    entry: Entry,
    question: str,
    points: Sequence[NDArray[np.float32]],
    least: float,
    headings: Collection[str],
) -> tuple[Excerpt, float] | None:
    """The consecutive sentences of one paragraph that are nearest to the question, with their
    cosine: to the first of `points` as they stand, to the second one behind the term; None below
    `least`."""
    said = f"{question} {entry.term} {entry.definition}"
    aim = aim_of(question)
    windows = [
        (section.heading, window)
        for section in entry.sections
        if section.heading in headings
        for window in windows_of(section.text, said)
        if aim != "number" or has_number(" ".join(window))
    ]
    if not windows:
        return None
    sentences = list(dict.fromkeys(sentence for _, window in windows for sentence in window))
    number = {sentence: at for at, sentence in enumerate(sentences)}
    near = np.array([PLACED * _is_placed(aim, heading) for heading, _ in windows])
    for point, before in zip(points, ("", f"{entry.term} "), strict=False):
        vectors = embed_documents(embedder, [before + sentence for sentence in sentences])
        middles = np.array([vectors[[number[one] for one in w]].sum(axis=0) for _, w in windows])
        near += middles @ point / np.linalg.norm(middles, axis=1) / len(points)
    best = int((near + [LONGER * len(window) for _, window in windows]).argmax())
    if near[best] < least:
        return None
    heading, window = windows[best]
    score = float(near[best])
    return Excerpt(heading, " ".join(window), is_weak=score < LEAST - AHEAD), score


def _is_placed(aim: Aim, heading: str) -> bool:
    """Whether a heading promises text of this aim."""
    return not PLACES.get(aim, frozenset()).isdisjoint(name_key(heading).split())


def windows_of(text: str, said: str = "") -> list[list[str]]:
    """The runs of up to `WINDOW` sentences of one paragraph of `text` that stand alone for who
    reads them after what was `said`."""
    windows = []
    before = ""
    for paragraph in re.split(r"\n\s*\n", text):
        sentences = sentences_of(paragraph)
        for start, first in enumerate(sentences):
            for end in range(start + 1, min(len(sentences), start + WINDOW) + 1):
                window = sentences[start:end]
                length = sum(map(len, window))
                fits = length >= SHORTEST and (end - start == 1 or length <= LONGEST)
                if fits and stands_alone(first) and not _points_back(window, before, said):
                    windows.append(window)
            before += " " + first
    return windows


def _points_back(window: Sequence[str], before: str, said: str) -> bool:
    """Whether a text speaks of "the barrister" who came in `before` it, and whom nobody `said`."""
    pointed = {word.casefold() for word in _POINTED.findall(" ".join(window))}
    return bool((pointed & _words(before)) - _words(said))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.casefold()))
