"""Try a glossary before it is indexed: ask questions made from it in a temporary index."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from index.embedding.embedder import Embedder
from index.entry import Entry
from index.errors import StoreError
from index.evaluation.systems import open_index
from index.evaluation.trial_questions import MadeQuestion, made_questions
from index.indexing.reindex import SourceContent
from index.names import name_key
from index.progress import Progress, no_progress
from index.search.answers.answer import answer
from index.search.near import near
from index.search.results import Neighbour
from index.search.trial_results import Trial, TrialQuestion
from index.sources.source import bundled_digest
from index.storage import Generation
from index.text import one_line, shorten, split_sentences

MOST_INDEXED = 2_000  # entries of the glossary
LONGEST_SENTENCE = 300  # characters of an answer's first sentence
ASKING = "Asking questions"


def try_glossary(
    own: Sequence[Entry],
    bundled: Sequence[Entry],
    embedder: Embedder,
    report: Progress = no_progress,
) -> Trial:
    """Index the first entries of `own`, and those of the `bundled` encyclopedia (empty if it is
    off), in a temporary folder, and ask questions made from them.

    Raises `ModelError` if the model cannot be used, `StoreError` if the folder cannot be written.
    """
    try:
        return _try(own, bundled, embedder, report)
    except OSError as error:
        raise StoreError(
            f"{gettempdir()} cannot be used for a trial index: {error.strerror or error}.",
            "Free some space there, or set TMPDIR to another folder.",
        ) from error


def _try(
    own: Sequence[Entry], bundled: Sequence[Entry], embedder: Embedder, report: Progress
) -> Trial:
    indexed = own[:MOST_INDEXED]
    if not indexed:
        return Trial(0, 0, bool(bundled), ())
    content = SourceContent([*bundled, *indexed], bundled_digest() if bundled else "")
    made = made_questions(indexed, bundled)
    asked: list[TrialQuestion] = []
    with (
        TemporaryDirectory(prefix="nearsay-trial-") as folder,
        open_index(content, embedder, Path(folder), report) as store,
    ):
        generation = store.current()
        for done, question in enumerate(made, start=1):
            asked.append(_ask(generation, embedder, question))
            report(ASKING, done, len(made))
    return Trial(len(own), len(indexed), bool(bundled), tuple(asked))


def _ask(generation: Generation, embedder: Embedder, made: MadeQuestion) -> TrialQuestion:
    hits = near(generation, embedder, made.text, 1)
    first = hits.neighbours[0] if hits.neighbours else None
    answered = answer(generation, embedder, made.text)
    sentences = split_sentences(one_line(answered.text))
    return TrialQuestion(
        kind=made.kind,
        question=made.text,
        term=made.term,
        first=first.term if first else "",
        source=first.source if first else "",
        similarity=first.similarity if first else 0.0,
        right=_is_right(first, made),
        sentence=shorten(sentences[0], LONGEST_SENTENCE) if sentences else "",
        hedged=answered.confidence in ("not sure", "none"),
    )


def _is_right(first: Neighbour | None, made: MadeQuestion) -> bool:
    return first is not None and (
        first.id == made.entry_id or name_key(first.term) == name_key(made.term)
    )
