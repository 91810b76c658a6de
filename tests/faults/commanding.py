"""Run the command line with the toy embedder and without the encyclopedia.

python -m tests.faults.commanding ARGUMENTS
"""

import sys

from bot import app
from bot.__main__ import main
from tests.faults.reindexing import without_the_encyclopedia
from tests.support.toy import ToyEmbedder


def run() -> int:
    without_the_encyclopedia()
    app.SentenceEmbedder = lambda *_: ToyEmbedder()  # type: ignore[attr-defined, assignment]
    return main()


if __name__ == "__main__":
    sys.exit(run())
