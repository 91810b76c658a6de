"""A program that serves Slack over a socket as the bot does, on the toy embedder, until its input
ends.

    python -m tests.faults.soaking DATA SOURCES BUNDLED CHROMA_URL ADMIN API_URL BOT_TOKEN APP_TOKEN

BUNDLED is the folder of its encyclopedia. Without a Chroma server its CHROMA_URL is empty. It says
"ready" once it is.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pydantic import SecretStr

from bot import indexing
from bot.admin.administration import Administration
from bot.config import Settings
from bot.desk import Desk
from bot.indexing import Indexer
from bot.slack.service import Service
from index.chroma_server import ChromaServer
from index.sources import reading
from index.sources.source import Source
from index.store import Store
from tests.faults.content import QuickToy


def main() -> None:
    data, sources, bundled, chroma_url, admin, api_url, bot_token, app_token = sys.argv[1:]
    for module in (reading, indexing):
        vars(module)["bundled"] = lambda: Path(bundled)
    settings = Settings(
        slack_bot_token=SecretStr(bot_token),
        slack_app_token=SecretStr(app_token),
        slack_api_url=api_url,
        data_dir=Path(data),
        admins=(admin,),
        ops_port=0,
    )
    store = Store(Path(data), "", ChromaServer(chroma_url) if chroma_url else None)
    embedder = QuickToy()
    administration = Administration(Indexer(store, embedder, (Source("harbour", sources),)))
    service = Service(settings, Desk(store, embedder, "", administration), "socket")
    service.start()
    while not service.ready:
        time.sleep(0.01)
    print("ready", flush=True)
    sys.stdin.read()
    service.stop()
    store.close()


if __name__ == "__main__":
    main()
