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
from contextlib import suppress
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import IO

import numpy as np

from index.errors import NearsayError
from index.store.generation import Generation

logger = logging.getLogger(__name__)

IMPORTED_FROM = Path(__file__).parents[2]
TWICE = "ignore::RuntimeWarning:runpy"  # that the package imported what is now the program
GRACE = 5.0  # seconds after which a child ends whose parent should have ended it, and did not
BATCH = 1_000  # vectors read at once
UNIT = 1e-3  # how far from 1 the length of a vector may be
ASKED = 50  # passages whose own vector is asked for
FOUND = 0.9  # of these must be found; an HNSW graph is approximate
LONGEST = 300  # characters of a dependency's message
OK = "ok"


def probe(folder: Path, seconds: float = 60) -> str:
    """Opens the generation's vectors in a child process and asks them; what is wrong in one
    clause, or empty. After `seconds` the child is ended, which is then what is wrong.

    Tried are the manifest, the entries, the words, the spread, every vector (its length is 1), and
    the graph. Never raises; the child never outlives the caller.
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
        [get_executable(), "-W", TWICE, "-m", "index.store.probe"],
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
        for doing, wrong_with in CHECKS:
            _say(doing)
            if wrong := wrong_with(generation):
                return wrong
    except BaseException as error:  # a panic of Chroma is no Exception
        traceback.print_exc()
        return f"{doing} failed: {_reason(error)}"
    return ""


def _reason(error: BaseException) -> str:
    text = error.message if isinstance(error, NearsayError) else str(error)
    return " ".join(text.split()).rstrip(".")[:LONGEST] or type(error).__name__


def _wrong_with_manifest(generation: Generation) -> str:
    return "" if generation.manifest.passages else "the manifest tells of no passages"


def _wrong_with_entries(generation: Generation) -> str:
    manifest = generation.manifest
    return _differs(len(generation.entries), manifest.entries, "entries") or _differs(
        len(generation.passages), manifest.passages, "passages in the entries"
    )


def _wrong_with_words(generation: Generation) -> str:
    text = generation.passages[0].text
    scores = generation.words.scores(text)
    if not np.isfinite(scores).all():
        return "the words score a text with what is no number"
    return _differs(len(scores), generation.manifest.entries, "entries in the words")


def _wrong_with_arrays(generation: Generation) -> str:
    _ = generation.spread, generation.place_spread, generation.background
    return ""


def _wrong_with_atlas(generation: Generation) -> str:
    return _differs(len(generation.atlas), generation.manifest.entries, "entries on the map")


def _wrong_with_vectors(generation: Generation) -> str:
    if generation.manifest.collection:  # a server looks after them
        return ""
    index = generation.vectors
    ids = [passage.id for passage in generation.passages]
    if wrong := _differs(len(index), len(ids), "vectors"):
        return wrong
    parts = [index.vectors(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)]
    vectors = np.concatenate(parts)
    if vectors.shape[1] != generation.manifest.fingerprint.dimensions:
        return f"the vectors have {vectors.shape[1]:,} dimensions"
    lengths = np.linalg.norm(vectors, axis=1)
    wrong_ones = np.flatnonzero(~(np.abs(lengths - 1) <= UNIT))  # also where it is no number
    if len(wrong_ones):
        row = int(wrong_ones[0])
        return f"the vector of the passage {ids[row]} has the length {lengths[row]:.3g}, not 1"
    if generation.matrix.shape != vectors.shape:
        return f"the matrix of vectors has the shape {generation.matrix.shape}"
    if not np.abs(generation.matrix - vectors).max() <= UNIT:
        return "the matrix of vectors is not what Chroma holds"
    if len(generation.centres) != generation.manifest.entries:
        return f"the places of the entries have the shape {generation.centres.shape}"
    asked = np.linspace(0, len(ids) - 1, min(ASKED, len(ids)), dtype=int)
    found = int(np.count_nonzero(index.nearest_to(vectors[asked]) >= 1 - UNIT))
    if found < FOUND * len(asked):
        return f"only {found} of {len(asked)} passages find themselves by their vectors"
    return ""


def _close(generation: Generation) -> str:
    generation.close()
    return ""


def _differs(there: int, expected: int, what: str) -> str:
    return "" if there == expected else f"there are {there:,} {what}, not {expected:,}"


CHECKS = (
    ("reading the manifest", _wrong_with_manifest),
    ("reading the entries", _wrong_with_entries),
    ("reading the words", _wrong_with_words),
    ("reading the spread and the background", _wrong_with_arrays),
    ("reading the map", _wrong_with_atlas),
    ("reading the vectors", _wrong_with_vectors),
    ("closing the vectors", _close),
)

if __name__ == "__main__":
    main()
