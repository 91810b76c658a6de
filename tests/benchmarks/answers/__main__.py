"""Print how often replies answer judged lines, by kind and by turn.

    python -m tests.benchmarks.answers [--reporting] [--own FOLDER]

The lines are those of the choosing set (`tools/reading`), or of the reporting set (`reporting/`).
FOLDER has the glossaries of `tests/benchmarks/own`, each in a folder of the same name.
"""

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.weights import DEFAULT_MODEL
from index.evaluation.golden import encyclopedia
from index.evaluation.systems import open_index
from index.indexing.reindex import SourceContent
from index.names import Names
from index.progress import no_progress
from index.search.answers.answer import answer
from index.search.answers.conversation import NO_THREAD
from index.search.results import Answer
from index.sources.loader import read_sources
from index.sources.source import Source
from tools.reading.judged import JudgedLine, read_conversations, read_questions

HERE = Path(__file__).parent
CHOOSING = HERE.parents[2] / "tools" / "reading"
OWN = HERE.parent / "own"
COLUMNS = ("lines", "first", "shown", "all halves", "hedged", "declined", "wrong, no hedge")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench-answers")
    parser.add_argument("--reporting", action="store_true")
    parser.add_argument("--own", type=Path)
    chosen = parser.parse_args()
    folder = HERE / "reporting" if chosen.reporting else CHOOSING
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as models:
        embedder = SentenceEmbedder(DEFAULT_MODEL, Path(models))
        with encyclopedia(embedder, no_progress) as generation:
            for line in read_questions(folder / "questions.jsonl"):
                reply = answer(generation, embedder, line.text)
                add(counts, line, reply, (line.kind, "all questions"))
            for lines in read_conversations(folder / "conversations.jsonl", generation):
                thread = NO_THREAD
                for line in lines:
                    reply = answer(generation, embedder, line.text, thread)
                    thread = thread.after(reply)
                    later = "all follow-ups" if line.turn > 1 else "all first turns"
                    add(counts, line, reply, (f"turn {line.turn}", f"({line.kind})", later))
        for name in ("cncf", "finos-ai", "kubernetes") if chosen.own else ():
            for line, reply in own_replies(chosen.own / name, OWN / name, embedder):
                add(counts, line, reply, (name, "all own glossaries"))
    print(f"{'':24}" + "".join(f"{one:>17}" for one in COLUMNS))
    for kind, row in counts.items():
        print(f"{kind:24}" + "".join(f"{row[one]:>17}" for one in COLUMNS))


def own_replies(
    glossary: Path, judged: Path, embedder: Embedder
) -> Iterator[tuple[JudgedLine, Answer]]:
    """Ask the questions about a glossary that is indexed alone."""
    entries = list(read_sources([Source("own", str(glossary))], encyclopedia=False).entries)
    names = Names((entry.id, entry.term, entry.aliases) for entry in entries)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_index(SourceContent(entries), embedder, Path(folder), no_progress) as store,
    ):
        for file in ("answerable.jsonl", "unanswerable.jsonl"):
            for line in read_questions(judged / file):
                places = frozenset(
                    (named.entry_id, "")
                    for name, _ in line.places
                    for named in names.find_exact(name)
                )
                found = JudgedLine(line.text, file, 1, NO_THREAD, (places,) if places else ())
                yield found, answer(store.current(), embedder, line.text)


def add(
    counts: dict[str, Counter[str]], line: JudgedLine, reply: Answer, kinds: Iterable[str]
) -> None:
    cited = [(place.id, place.heading) for place in reply.citations]
    right = [line.is_answered_by(*place) for place in cited]
    halves = [any(half & {place, (place[0], "")} for place in cited) for half in line.answers]
    is_hedged = reply.confidence == "not sure"
    for kind in kinds:
        name = kind if line.answers else f"{kind}, nothing answers"
        counts[name].update(
            {
                "lines": 1,
                "first": any(right[:1]),
                "shown": any(right),
                "all halves": bool(halves) and all(halves),
                "hedged": is_hedged,
                "declined": not reply.answered,
                "wrong, no hedge": reply.answered and not is_hedged and not any(right),
            }
        )


if __name__ == "__main__":
    main()
