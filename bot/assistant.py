"""The assistant: answers a line or a Request with a Reply. Errors become replies too."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace

from bot.admin.admin_service import AdminService
from bot.admin.entry_commands import split_definition
from bot.commands.defaults import NEIGHBOURS
from bot.commands.examples import example_terms, with_own_examples
from bot.commands.help import help_for
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.explore.commands import Explorer, start_notice
from bot.identity import ANONYMOUS, OPERATOR, User
from bot.indexing import Indexer
from bot.ops import metrics, request_id
from bot.ops.rate_limit import RateLimiter, cost_of, wait_notice
from bot.overview import SUGGESTED, Overview, overview_of, suggested_questions
from bot.question_log import QuestionLog
from bot.readers import Readers
from bot.replies.base import Help, Problem, Reply, UserDataDeleted
from index.deadline import deadline
from index.embedding.embedder import Embedder
from index.entry_draft import EntryDraft
from index.errors import EntryNotFound, NearsayError
from index.names import content_words
from index.progress import Progress, no_progress
from index.search.answers.answer import answer
from index.search.answers.conversation import NO_THREAD, Conversation
from index.search.browse import PageRef
from index.search.define import define, only_section
from index.search.explain import explain
from index.search.explore.compare_models import Space, lexical_space
from index.search.listing import list_entries
from index.search.near import near
from index.storage import Store
from index.storage.audience import NothingToRead
from index.text import one_line, shorten

logger = logging.getLogger(__name__)

MAX_NAMING_TEXT = 500  # characters of a text that are searched for entry names
UNLIMITED = ("help", "forget", "near-admin")  # exempt from the rate limit and the deadline


class NoGuests(NearsayError):
    """Raised for a guest of the workspace where guests are not answered."""

    code = "guest"

    def __init__(self) -> None:
        super().__init__(
            "Nearsay answers members of this workspace only, not guests.",
            "Please ask a member to ask for you.",
        )


class Assistant:
    """Answers requests from one store with one embedder. Thread-safe.

    `others` are the embedding spaces that `/latent models` compares with the space of the index.
    The rate of requests is unlimited until `limits` is set. Everybody may read every source, except
    where other organizations would see it, until `readers` is set.
    """

    deadline_s = 30.0  # seconds that the work of a request may take

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        prefix: str = "",
        administration: AdminService | None = None,
        question_log: QuestionLog | None = None,
        others: Sequence[Space] = (lexical_space,),
    ) -> None:
        self.store = store
        self.embedder = embedder
        self.limits = RateLimiter()
        self.readers = Readers()
        self._prefix = prefix
        self._explorer = Explorer(store, embedder, others, prefix)
        self.question_log = question_log or QuestionLog(store)
        self.administration = administration or AdminService(Indexer(store, embedder))

    def warm_up(self) -> None:
        """Load the model and the index, and run `near`, `define` and a question once.

        Raises the errors that the first question would raise.
        """
        self.store.verify()
        with self.store.reading() as generation:
            near(generation, self.embedder, "what is near this, when all is warm?", 1)
            define(generation, self.embedder, next(iter(generation.entries)))
            answer(generation, self.embedder, "does a first question find everything loaded?")
        with suppress(NothingToRead), self.readers.reading_as(ANONYMOUS), self.store.reading():
            pass  # builds what everybody may read, if that is less

    def ask(
        self,
        line: str,
        actor: User = ANONYMOUS,
        progress: Progress = no_progress,
        thread: Conversation = NO_THREAD,
    ) -> Reply:
        """Parse a line and return its reply; `thread` is the state of the conversation."""
        return self.answer(parse(line, self._prefix), actor, progress, thread)

    def answer(
        self,
        request: Request | Problem,
        actor: User = ANONYMOUS,
        progress: Progress = no_progress,
        thread: Conversation = NO_THREAD,
    ) -> Reply:
        """Return the reply to a request, or to the problem that `parse` found.

        `actor` is the user, `progress` is called during long work, and `thread` is the state of the
        conversation.

        A `NearsayError` becomes a `Problem` with its message. Any other exception is logged with
        its traceback and becomes a fixed message with the request id.
        """
        if isinstance(request, Problem):
            problem = self._with_model(request)
            metrics.count_request(None, problem, 0.0)
            return problem
        begun = time.perf_counter()
        with request_id.request_scope():
            try:
                seconds = self.deadline_s if _is_limited(request, actor) else None
                with self.readers.reading_as(actor), deadline(seconds):
                    reply = self._with_model(self._reply_to(request, actor, progress, thread))
            except NearsayError as error:
                with self.readers.reading_as(actor):
                    reply = self._with_model(Problem.of(error))
            except Exception:
                reply = self._unexpected()
        metrics.count_request(request, reply, time.perf_counter() - begun)
        return reply

    def require_welcome(self, actor: User) -> None:
        """Raise `NoGuests` for a guest if guests are not answered."""
        if not self.readers.guests and actor.standing == "guest" and not actor.admin:
            raise NoGuests

    def names_entry(self, text: str) -> bool:
        """Return whether the first `MAX_NAMING_TEXT` characters of a text contain the name of an
        entry.

        Returns False when the index cannot be read, or not at once.
        """
        try:
            with self.readers.reading_as(ANONYMOUS):
                if not self.store.is_at_hand:
                    return False
                with self.store.reading() as generation:
                    return bool(generation.names.find_in(text[:MAX_NAMING_TEXT]))
        except NearsayError:
            return False

    def knows_words(self, text: str) -> bool:
        """Return whether the index contains all content words of a text, or cannot be read."""
        try:
            with self.readers.reading_as(ANONYMOUS), self.store.reading() as generation:
                known = generation.words.knows
                return all(map(known, content_words(generation.corrected(text[:MAX_NAMING_TEXT]))))
        except NearsayError:
            return True

    def notice(self, request: Request | Problem | None, asker: Callable[[], User]) -> str:
        """Return the notice to send before a slow request, or "" if it cannot be answered."""
        if not (isinstance(request, Request) and request.verb == "map"):
            return wait_notice(request)
        with self.readers.reading_as(asker()):
            return start_notice(request, self.store)

    def overview(self, actor: User, place: PageRef | None = None) -> Overview | Problem:
        """Return the data of the Home tab for a user, with the page at `place` open."""
        try:
            self.require_welcome(actor)
            with self.readers.reading_as(actor), self.store.reading() as generation:
                found = overview_of(generation, self.store.ledger, actor.id, place)
            suggested = tuple(self.suggested_questions(SUGGESTED))
            return replace(found, keeps=self.question_log.keeps, suggested=suggested)
        except NearsayError as error:
            return Problem.of(error)
        except Exception:
            return self._unexpected()

    def suggested_questions(self, count: int) -> list[str]:
        """Return up to `count` questions to suggest; without an index, return none."""
        try:
            with self.readers.reading_as(ANONYMOUS), self.store.reading() as generation:
                bundled = self.administration.encyclopedia
                # What others asked may name what not everybody may read.
                ledger = None if self.readers.needs_standing else self.store.ledger
                return suggested_questions(generation, ledger, count, bundled=bundled)
        except NearsayError:
            return []

    def _reply_to(
        self, request: Request, actor: User, progress: Progress, thread: Conversation
    ) -> Reply:
        if request.command != "forget":
            self.require_welcome(actor)
        is_limited = _is_limited(request, actor)
        if is_limited and (refusal := self.limits.check(actor.id, cost_of(request))):
            return refusal
        match request.command:
            case "help":
                return help_for(request, self._prefix)
            case "near-admin":
                return self.administration.answer(request, actor, progress)
            case "forget":
                suggestions = self.administration.editing.suggestions
                withdrawn = suggestions.open_by(actor)
                forgotten = self.question_log.delete_user_data(actor.id)
                suggestions.notify_withdrawn(withdrawn)
                return UserDataDeleted(**asdict(forgotten))
            case "ask":
                with self.store.reading() as generation:
                    return answer(generation, self.embedder, request.text, thread)
            case "explain":
                with self.store.reading() as generation:
                    return explain(generation, self.embedder, request.text)
            case "list":
                letter = _text(request.options.get("letter")) or ""
                page = int(request.options.get("page", 1))
                with self.store.reading() as generation:
                    return list_entries(generation, request.text, letter, page)
            case "latent":
                with self.store.reading() as generation:
                    return self._explorer.explore(generation, request, progress)
            case "define" if split_definition(request.text)[1]:
                term, definition = split_definition(request.text)
                fields = EntryDraft(term=term, definition=definition)
                return self.administration.editing.suggestions.suggest(fields, actor)
            case "define":
                try:
                    with self.store.reading() as generation:
                        source = _text(request.options.get("from"))
                        found_entry = define(generation, self.embedder, request.text, source)
                    if heading := _text(request.options.get("section")):
                        return only_section(found_entry, heading)
                    return replace(found_entry, whole=request.options.get("whole") == "yes")
                except EntryNotFound as error:
                    return self._unknown_term(request.text, error)
            case "near":
                options = request.options
                with self.store.reading() as generation:
                    found = near(
                        generation,
                        self.embedder,
                        request.text,
                        int(options.get("n", NEIGHBOURS)),
                        category=_text(options.get("in")),
                        source=_text(options.get("from")),
                    )
                return replace(found, why=options.get("why") == "yes")

    def _unknown_term(self, term: str, error: EntryNotFound) -> Problem:
        problem = Problem.of(error)
        name = shorten(one_line(term).rstrip(" ="), 60)
        suggest = f"To suggest one: /{self._prefix}define {name} = DEFINITION"
        return replace(problem, hint=f"{problem.hint}\n{suggest}".strip())

    def _unexpected(self) -> Problem:
        with request_id.request_scope() as number:
            logger.exception("unexpected error, reference %s", number)
            return Problem(
                model=self.embedder.name,
                code="internal",
                message=f"Something went wrong in Nearsay (reference {number}).",
                hint="Please try again. If it happens again, tell an admin the reference.",
            )

    def _with_model(self, reply: Reply) -> Reply:
        if isinstance(reply, (Problem, Help)) and not self.administration.encyclopedia:
            reply = with_own_examples(reply, self._example_terms(), self._prefix)
        if isinstance(reply, (Problem, Help, UserDataDeleted)):
            return replace(reply, model=self.embedder.name)
        return reply

    def _example_terms(self) -> tuple[str, ...]:
        try:
            with self.store.reading() as generation:
                return example_terms(entry.term for entry in generation.listed)
        except NearsayError:
            return ()


def _is_limited(request: Request, actor: User) -> bool:
    return request.command not in UNLIMITED and actor != OPERATOR


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
