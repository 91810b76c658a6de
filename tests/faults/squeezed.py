"""Answer and reindex while the disk is full or write-protected.

    python -m tests.faults.squeezed WHOLE DATA full|protected ROOM

DATA is a separate disk (see `disks`), to which the data directory WHOLE is copied. One bot is
running when the disk is filled except for ROOM bytes, or write-protected; another starts
afterwards. Prints one JSON object: both bots' answers, before and after the disk is writable again.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.identity import OPERATOR
from bot.replies.base import as_json
from index.errors import NearsayError
from index.indexing.reindex import SourceContent, reindex
from tests.faults import disks
from tests.faults.asking import QUESTION, mixture
from tests.faults.content import FILES, QuickToy, entries_of
from tests.support.stores import open_store


class Bot:
    def __init__(self, data: Path) -> None:
        self.store = open_store(data)
        self.toy = QuickToy()
        self.assistant = Assistant(self.store, self.toy)

    def asked(self) -> str:
        """Ask a question; return the generation that answers, or the error."""
        reply = self._said(f"/near {QUESTION}")
        return str(reply["generation"] or f"{reply['message']} {reply['hint']}")

    def status(self) -> list[str]:
        reply = self._said("/near-admin status")
        return [str(sentence) for sentence in reply.get("health", [reply.get("message")])]

    def reindexed(self, number: int) -> str:
        """Reindex; return the generation that was built, or the error."""
        try:
            return reindex(
                self.store, SourceContent(entries_of((number,) * FILES)), self.toy
            ).generation
        except NearsayError as error:
            return f"{error.message} {error.hint}"

    def mixture(self) -> str:
        with self.store.reading() as generation:
            return mixture(generation, self.toy)

    def _said(self, line: str) -> dict[str, Any]:
        reply: dict[str, Any] = json.loads(as_json(self.assistant.ask(line, OPERATOR)))
        return reply


def main() -> None:
    whole, data = map(Path, sys.argv[1:3])
    kind, room = sys.argv[3], int(sys.argv[4])
    shutil.copytree(whole, data, dirs_exist_ok=True)
    running = Bot(data)
    said: dict[str, Any] = {"before": running.asked()}
    if kind == "full":
        filler = disks.fill(data, room)
    else:
        disks.protect(data)
    said["asked"] = running.asked()
    said["reindexed"] = running.reindexed(3)
    said["asked again"] = running.asked()
    running.store._refresh_behind()
    said["status"] = running.status()
    starting = Bot(data)
    said["started"] = starting.asked()
    starting.store.close()
    if kind == "full":
        filler.unlink()
    else:
        disks.unprotect(data)
    said["mixture"] = running.mixture()
    said["after"] = running.reindexed(4)
    said["asked after"] = running.asked()
    running.store._refresh_behind()
    said["status after"] = running.status()
    running.store.close()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
