"""Open a generation in a child process first: a damaged graph can crash the process that opens it.

The child runs this module as a program. It reads the folder and the timeout as one line of JSON,
and prints the fault, if any. It exits when its standard input, which the parent keeps open, is
closed.
"""

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

import numpy as np

from index.errors import NearsayError
from index.storage.generation import Generation

logger = logging.getLogger(__name__)

IMPORTED_FROM = Path(__file__).parents[2]
GRACE_S = 5.0  # the child exits by itself this long after the timeout
BATCH = 1_000  # vectors per read
SAMPLED_PASSAGES = 50  # passages whose own vector is queried
MAX_REASON_CHARS = 300  # characters of a dependency's message
FAULTY = 3  # the exit status of a child that has printed a fault


def probe(folder: Path, seconds: float = 60) -> str:
    """Open the generation's files in a child process and query its vectors. Returns a description
    of the fault, or an empty string. A child that runs longer than `seconds` is killed, which
    counts as a fault. The caller must have checked the checksums. Never raises. The child never
    outlives the caller."""
    order = json.dumps([str(folder.absolute()), seconds + GRACE_S])
    try:
        with (
            tempfile.TemporaryFile() as output,
            subprocess.Popen(  # noqa: S603  # our own module, by our own interpreter
                [get_executable(), "-m", "index.storage.health_check"],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=IMPORTED_FROM,
            ) as child,
        ):
            try:
                if child.stdin is not None:
                    with suppress(BrokenPipeError):  # the child has exited; its status says why
                        child.stdin.write(order.encode() + b"\n")
                status = child.wait(seconds)
            except subprocess.TimeoutExpired:
                return f"reading it did not finish within {seconds:g} seconds"
            finally:
                child.kill()
            output.seek(0)
            said = output.read().decode(errors="replace")
    except OSError as error:
        return f"the child process that checks it could not be started ({error.strerror or error})"
    if status == 0:
        return ""
    logger.warning("%s is faulty:\n%s", folder, said)
    return said.splitlines()[-1] if status == FAULTY else "reading it crashed the child process"


def main() -> None:
    """Run the child process: check the generation that is named on standard input."""
    folder, seconds = json.loads(input())
    faulthandler.enable()
    faulthandler.dump_traceback_later(seconds, exit=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    fault = fault_of(Path(folder))
    os.write(1, fault.encode(errors="backslashreplace"))
    os._exit(FAULTY if fault else 0)  # skip the interpreter's shutdown, which may fail


def _end_with_parent() -> None:
    """Exit when the parent exits: it sends no more input, so the read ends only at end of file."""
    os.read(0, 1)
    os._exit(1)


def fault_of(folder: Path) -> str:
    """Read a generation, and return a description of the fault, or an empty string."""
    try:
        generation = Generation(folder)
        generation.warm()
        if not generation.manifest.collection:
            ids = [passage.id for passage in generation.passages]
            for start in range(0, len(ids), BATCH):
                generation.vectors.vectors(ids[start : start + BATCH])
            asked = np.linspace(0, len(ids) - 1, min(SAMPLED_PASSAGES, len(ids)), dtype=int)
            generation.vectors.nearest_to(generation.matrix[asked])
            generation.close()
    except BaseException as error:  # a panic in Chroma is not an Exception
        traceback.print_exc()
        text = error.message if isinstance(error, NearsayError) else str(error)
        reason = " ".join(text.split()).rstrip(".")[:MAX_REASON_CHARS]
        return f"reading it failed: {reason or type(error).__name__}"
    return ""


if __name__ == "__main__":
    main()
