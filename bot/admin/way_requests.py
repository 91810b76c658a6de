"""Ways to ask: ask a language model's server for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.admin.audit import INTERRUPTED, AuditTrail
from bot.admin.editing_service import EditingService, for_admins
from bot.admin.way_proposals import WayService
from bot.identity import User
from bot.indexing import Indexer
from bot.replies.ways import WaysRead
from index.progress import Progress, no_progress
from index.ways.assistant_reply import DroppedWay
from index.ways.chat_server import ChatServer, ChatServerError
from index.ways.request import batches_of, request_for

TOKENS = 1_000_000  # default budget; ten entries need 2,000 to 8,000
PHASE = "Asking for ways"
MOST_USELESS = 2  # replies in a row without a way, after which the server is not asked again


@dataclass(frozen=True, slots=True)
class Budget:
    """How many entries are asked for, and after how many tokens no further batch is sent."""

    entries: int | None = None
    tokens: int = TOKENS


class WayRequests(EditingService):
    """Asks a server for ways to ask for the entries of one index, for admins."""

    def __init__(self, indexer: Indexer, audit: AuditTrail, ways: WayService) -> None:
        super().__init__(indexer, audit)
        self._ways = ways

    @for_admins(lambda source, server, **_: f"ways {source} from {server.name}")
    def ask(
        self,
        source: str,
        server: ChatServer,
        budget: Budget,
        actor: User,  # noqa: ARG002  # used by the decorator
        announce: Callable[[int], None] = lambda _: None,
        progress: Progress = no_progress,
    ) -> WaysRead:
        """Ask for ways for the entries of a source, batch by batch. Each reply is checked and
        recorded before the next batch is sent, so that a repetition asks only for what is left.

        `announce` is called with the number of entries before anything is sent. Stops at the end of
        the budget, at an error of the server, after `MOST_USELESS` useless replies in a row, and
        when the user interrupts it. Raises `NotFound` if no entry is left, and `ChatServerError` if
        the first batch fails.
        """
        from index.ways.chat_client import ChatClient  # takes half a second

        source, entries = self._ways.entries_to_ask(source, budget.entries)
        announce(len(entries))
        asked = tokens = proposed = useless = 0
        dropped: list[DroppedWay] = []
        trouble = ""
        stopped_by: Literal["", "budget", "user", "server"] = ""
        try:
            with ChatClient(server) as client:
                for batch in batches_of(entries):
                    progress(PHASE, asked, len(entries))
                    if tokens >= budget.tokens:
                        trouble = f"The budget of {budget.tokens:,} tokens is spent."
                        stopped_by = "budget"
                        break
                    if useless >= MOST_USELESS:
                        raise ChatServerError(
                            f"The last {useless} replies of {server.name} had no usable way.",
                            "Try another model in NEARSAY_LLM_MODEL.",
                        )
                    reply = client.ask(request_for(batch))
                    tokens += reply.tokens
                    by_id = {entry.id: entry for entry in batch}
                    new, unused = self._ways.take(reply.text, by_id, no_progress)
                    proposed += new
                    dropped += unused
                    asked += len(batch)
                    left = {entry.id for entry in self._ways.entries_left(source)}
                    useless = useless + 1 if left >= by_id.keys() else 0
                progress(PHASE, asked, len(entries))
        except KeyboardInterrupt:
            trouble, stopped_by = INTERRUPTED, "user"
        except ChatServerError as error:
            if not asked:
                raise
            trouble, stopped_by = f"{error.message} {error.hint}", "server"
        return WaysRead(
            source=source,
            proposed=proposed,
            dropped=tuple(dropped),
            asked=asked,
            left=len(self._ways.entries_left(source)),
            trouble=trouble,
            tokens=tokens,
            stopped_by=stopped_by,
        )
