"""Start as the bot does, with the toy embedder, and answer lines.

    python -m tests.faults.serving DATA DATABASE LINE…

Prints one JSON object: the replies and the problems reported to the operator.
"""

import json
import sys
from pathlib import Path

from bot.assistant import Assistant
from bot.identity import OPERATOR
from bot.replies.base import as_json
from index.errors import NearsayError
from tests.faults.content import QuickToy
from tests.support.stores import open_store


def main() -> None:
    data, database, *lines = sys.argv[1:]
    store = open_store(Path(data), database)
    assistant = Assistant(store, QuickToy())
    try:
        assistant.warm_up()
        failed = ""
    except NearsayError as error:
        failed = f"{error.message} {error.hint}"
    replies = [json.loads(as_json(assistant.ask(line, OPERATOR))) for line in lines]
    print(json.dumps({"failed": failed, "replies": replies, "troubles": store.troubles}))
    store.close()


if __name__ == "__main__":
    main()
