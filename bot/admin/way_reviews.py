"""Review the proposed ways to ask twenty at a time, with the effect of each decision."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.admin.editing_service import for_everybody
from bot.admin.way_numbers import ALL, FORM, Span, is_within, spans_in
from bot.admin.way_proposals import WayService
from bot.identity import User
from bot.replies.base import Problem
from bot.replies.ways import WayList, WaysDecided
from index.errors import NearsayError
from index.evaluation.first_entries import FirstEntries, compare_first
from index.names import ENTRY_SUFFIX
from index.progress import Progress, no_progress
from index.storage import Generation

logger = logging.getLogger(__name__)

COMPARED = 200  # public questions, the latest


class WayReviews(WayService):
    """Shows the proposed ways of a source to admins, who decide on them list by list."""

    @for_everybody
    def answer(
        self,
        source: str,
        accept: str,
        refuse: str,
        actor: User,
        progress: Progress = no_progress,
    ) -> WayList | WaysDecided | Problem:
        """Return the oldest proposed ways, or decide on those with the given numbers (see
        `spans_in`) and return the outcome with the next ones. `decide` checks permissions."""
        if not accept and not refuse:
            return self.review(source, actor, progress)
        accepted, refused = (spans_in(text) if text else [] for text in (accept, refuse))
        if accepted is None or refused is None:
            option = "accept" if accepted is None else "refuse"
            return Problem(
                code="usage",
                message=f"{option}= has other text than numbers; nothing was changed.",
                hint=f"After {option}=, {FORM}",
            )
        if not actor.admin:
            return self.decide(source, accepted, refused, actor, progress)
        with self._store.reading() as before:  # keeps the generation open for the comparison
            earlier = self._decided_among((*accepted, *refused), self._source(source))
            done = self.decide(source, accepted, refused, actor, progress)
            if isinstance(done, Problem):
                return done
            changes = self._changes(before, progress) if done.live and done.accepted else None
        following = self._list(done.source, progress) if done.waiting else None
        return replace(done, earlier=earlier, changes=changes, following=following)

    def _decided_among(self, spans: Sequence[Span], source: str) -> int:
        """Return how many of the ways with the given numbers were decided before."""
        named = [span for span in spans if span != ALL]
        entries = self._entries(source)
        ways = self._store.ledger.ways.all()
        decided = (way for way in ways if way.state != "proposed" and way.entry in entries)
        return sum(is_within(way.id, named) for way in decided)

    def _changes(self, before: Generation, progress: Progress) -> FirstEntries | None:
        """Return the effect on the latest questions that were asked in public, if there are any."""
        asked = self._store.ledger.questions.latest_public(COMPARED)
        questions = [text for text in asked if not text.endswith(ENTRY_SUFFIX)]
        if not questions:
            return None
        try:
            with self._store.reading() as after:
                embedder = self._indexer.embedder
                return compare_first(before, after, embedder, questions, progress)
        except NearsayError as error:
            logger.warning("comparison of answers after a decision failed: %s", error.message)
            return None
