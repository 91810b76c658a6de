"""Trying a generation in a child process, since a damaged graph can crash the one that opens it.

The child is this module, run as a program: it gets its order as a line of JSON, says what it is
about to do, line by line, and in the end "ok" or what is wrong. Its standard input stays open for
as long as the parent lives; when that ends, so does the child.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import subprocess
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import IO

import numpy as np

from index.errors import NearsayError
from index.storage.generation import Generation

logger = logging.getLogger(__name__)

IMPORTED_FROM = Path(__file__).parents[2]
TWICE = "ignore::RuntimeWarning:runpy"  # that the package imported what is now the program
GRACE = 5.0  # seconds after which a child ends whose parent should have ended it, and did not
BATCH = 1_000  # vectors read at once
ASKED = 50  # passages whose own vector is asked for
LONGEST = 300  # characters of a dependency's message
OK = "ok"


def probe(folder: Path, seconds: float = 60) -> str:
    """Opens the generation's vectors in a child process and asks them; what is wrong in one
    clause, or empty. After `seconds` the child is ended, which is then what is wrong.

    Its files have the digests of those that were verified when it was built, so that each is only
    opened and asked. Never raises; the child never outlives the caller.
    """
    try:
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as trouble:
            status = _run(folder, seconds, said, trouble)
            wrong = _verdict(status, seconds, _text(said).splitlines())
            if wrong:
                logger.warning("%s: %s\n%s", folder, wrong, _text(trouble))
    except OSError as error:
        return f"the process that should try it could not be started ({error.strerror or error})"
    return wrong


def _run(folder: Path, seconds: float, said: IO[bytes], trouble: IO[bytes]) -> int | None:
    """The child's exit status, or None when it had to be ended; `said` and `trouble` take its
    output."""
    order = json.dumps({"folder": str(folder.absolute()), "seconds": seconds + GRACE})
    with subprocess.Popen(  # noqa: S603  # our own module, by our own interpreter
        [get_executable(), "-W", TWICE, "-m", "index.storage.health_check"],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=said,
        stderr=trouble,
        cwd=IMPORTED_FROM,
    ) as child:
        try:
            if child.stdin is not None:
                with suppress(BrokenPipeError):  # it ended already, and its status tells more
                    child.stdin.write(order.encode() + b"\n")
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            child.kill()


def _verdict(status: int | None, seconds: float, lines: list[str]) -> str:
    last = lines[-1] if lines else "starting the process that should try it"
    if status is None:
        return f"{last} did not end within {seconds:g} seconds"
    if status != 0:
        return f"{last} crashed the process that tried it" if lines else f"{last} failed"
    return "" if last == OK else last


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def main() -> None:
    """The child: tries the generation that the line of standard input names."""
    order = json.loads(input())
    faulthandler.enable()
    faulthandler.dump_traceback_later(order["seconds"], exit=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _say(_try(Path(order["folder"])) or OK)
    os._exit(0)  # what goes wrong from here on is not the generation's fault


def _end_with_parent() -> None:
    """Nothing more ever comes from the parent, but the end of the line when it dies."""
    os.read(0, 1)
    os._exit(1)


def _say(line: str) -> None:
    """Said at once: a crash would lose what is buffered."""
    os.write(1, line.encode(errors="backslashreplace") + b"\n")


def _try(folder: Path) -> str:
    """What is wrong with a generation, or empty."""
    doing = "reading the entries"
    try:
        _say(doing)
        generation = Generation(folder)
        for doing, read in STEPS:
            _say(doing)
            read(generation)
    except BaseException as error:  # a panic of Chroma is no Exception
        traceback.print_exc()
        return f"{doing} failed: {_reason(error)}"
    return ""


def _reason(error: BaseException) -> str:
    text = error.message if isinstance(error, NearsayError) else str(error)
    return " ".join(text.split()).rstrip(".")[:LONGEST] or type(error).__name__


def _read_vectors(generation: Generation) -> None:
    """Reads all vectors and asks some, which goes through the graph."""
    if generation.manifest.collection:  # a server looks after them
        return
    ids = [passage.id for passage in generation.passages]
    for start in range(0, len(ids), BATCH):
        generation.vectors.vectors(ids[start : start + BATCH])
    asked = np.linspace(0, len(ids) - 1, min(ASKED, len(ids)), dtype=int)
    generation.vectors.nearest_to(generation.matrix[asked])
    generation.close()


STEPS: tuple[tuple[str, Callable[[Generation], object]], ...] = (
    ("reading the manifest", lambda generation: generation.manifest),
    ("reading the words", lambda generation: generation.words.scores(generation.passages[0].text)),
    ("reading the spread", lambda generation: (generation.spread, generation.place_spread)),
    ("reading the background", lambda generation: generation.background),
    ("reading the map", lambda generation: generation.atlas),
    ("reading the vectors", _read_vectors),
)

if __name__ == "__main__":
    main()
