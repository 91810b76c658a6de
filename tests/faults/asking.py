"""Ask questions while generations change, until standard input ends.

    python -m tests.faults.asking DATA DATABASE

Looks for a new generation a hundred times as often as the bot. At the end it prints one JSON
object: the number of answers, the errors found, and the generations that answered. Before that it
waits up to ten seconds to reach the current generation.
"""

import json
import re
import sys
import threading
import time
from pathlib import Path

from index.search.near import near
from index.storage import Generation, Store, store
from tests.faults.content import QuickToy
from tests.support.stores import open_store

QUESTION = "a thick rope that holds a ship to the quay"


def mixture(generation: Generation, toy: QuickToy) -> str:
    """Describe a mix of generations between two answers and the entries read between them; empty if
    there is none.

    Every entry carries its generation's number. The second answer reveals a switch in between.
    """
    first = near(generation, toy, QUESTION, 10)
    texts = [entry.definition for entry in generation.entries.values()]
    second = near(generation, toy, QUESTION, 10)
    texts += [item.definition for item in (*first.neighbours, *second.neighbours)]
    numbers = {int(number) for number in re.findall(r"state (\d+) of", " ".join(texts))}
    names = {first.generation, second.generation}
    if names != {generation.id} or numbers != {int(generation.id[1:])}:
        return f"{generation.id} answers as {names} with texts of {sorted(numbers)}"
    return ""


def main() -> None:
    store.LOOK = 0.01
    data, database = sys.argv[1:]
    asked = open_store(Path(data), database)
    toy = QuickToy()
    ended = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(ended,), daemon=True).start()
    answers, wrong, seen = 0, [], [""]
    last = 0.0
    while not ended.wait(0.002) or (seen[-1] != _current(asked) and time.monotonic() < last):
        last = last if ended.is_set() else time.monotonic() + 10
        try:
            with asked.reading() as generation:
                wrong += [mixed] if (mixed := mixture(generation, toy)) else []
                seen += [generation.id] if generation.id != seen[-1] else []
        except Exception as error:
            wrong.append(repr(error))
        if not answers:
            print("asking", flush=True)
        answers += 1
    print(json.dumps({"answers": answers, "wrong": wrong, "seen": seen[1:]}))
    asked.close()


def _wait_for_the_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _current(asked: Store) -> str | None:
    return asked.ledger.generations.pointer().generation


if __name__ == "__main__":
    main()
