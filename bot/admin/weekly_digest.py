"""The weekly digest of knowledge gaps. A claim in the ledger prevents duplicate digests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.admin.gaps import gaps_of
from bot.replies.insights import Gaps
from index.embedding.embedder import Embedder
from index.storage import Store
from index.storage.db.scheduled_jobs import Claim

NAME = "digest of gaps"  # name of the claim
WEEK = timedelta(7)
MOST_DAYS = 90  # longest period of a digest, after a long pause
SHOWN = 5  # maximum gaps in a digest


@dataclass(frozen=True, slots=True)
class Digest:
    """The weekly digest of one index. Thread-safe."""

    store: Store
    embedder: Embedder

    def due(self, now: datetime) -> tuple[Claim, Gaps] | None:
        """Claim the digest if it is due; return the claim and the gaps in public questions since
        the last digest.

        The digest is due when a week has passed and no other process has claimed it. Returns None
        if it is not due or there are no gaps. Without gaps, the claim remains: the next digest is
        due a week later. Raises `NearsayError` without an index or when the ledger cannot be used.
        """
        claim = self.store.ledger.claims.claim(NAME, WEEK, now)
        if claim is None:
            return None
        try:
            since = max(claim.before or now - WEEK, now - timedelta(MOST_DAYS))
            gaps = gaps_of(
                self.store,
                self.embedder,
                round((now - since) / timedelta(1)),
                SHOWN,
                since=since,
                in_public_only=True,
            )
        except Exception:
            self.release(claim)
            raise
        return (claim, gaps) if gaps.gaps else None

    def release(self, claim: Claim) -> None:
        """Release the claim on a digest that could not be sent."""
        self.store.ledger.claims.release(claim)
