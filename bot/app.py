"""The composition root: builds the parts of an installation from its settings."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.commands.examples import example_terms
from bot.config import Settings, SettingsError
from bot.identity import ANONYMOUS
from bot.indexing import Indexer
from bot.ops.rate_limit import RateLimiter
from bot.ops.web_server import Applications
from bot.question_log import QuestionLog
from bot.setting_values import LSA, Mode
from index.embedding.embedder import SentenceEmbedder
from index.errors import NearsayError
from index.indexing.recovery import restore
from index.indexing.views import open_view
from index.search.explore.compare_models import EmbeddedSpace, Space, lexical_space
from index.sources.web.fetcher import Fetcher
from index.storage import Store
from index.text import one_line

FLUSH_TIMEOUT_S = 6.0  # seconds at exit for pending writes to the question log


class App:
    """An installation: its index and its assistant. Models are loaded on first use."""

    def __init__(self, settings: Settings, *, brief: bool) -> None:
        """Build the parts. With `brief`, prepare the store for a single question."""
        self.settings = settings
        self.store = Store(
            settings.data_dir,
            settings.database,
            settings.chroma,
            restore=restore,
            derive=open_view,
            brief=brief,
        )
        self.embedder = self.embedder_of(settings.model)
        self.indexer = Indexer(
            self.store,
            self.embedder,
            settings.sources,
            settings.encyclopedia,
            Fetcher(settings.source_hosts),
        )

    def embedder_of(self, model: str) -> SentenceEmbedder:
        return SentenceEmbedder(model, self.settings.data_dir / "models")

    @cached_property
    def administration(self) -> AdminService:
        """The admin service. Raises `SettingsError` when the file that NEARSAY_GOLDEN names cannot
        be read."""
        settings, golden = self.settings, self._golden()
        return AdminService(self.indexer, golden, settings.import_dir, settings.retention_days)

    @contextmanager
    def assistant(self, prefix: str = "") -> Iterator[Assistant]:
        """Yield the assistant, whose commands have a `prefix`; on exit, wait up to
        `FLUSH_TIMEOUT_S` for question-log writes."""
        settings = self.settings
        question_log = QuestionLog(self.store, settings.retention_days)
        try:
            assistant = Assistant(
                self.store,
                self.embedder,
                prefix,
                self.administration,
                question_log,
                self._other_spaces(),
            )
            assistant.limits = RateLimiter(settings.person_rate, settings.workspace_rate)
            yield assistant
        finally:
            question_log.stop(FLUSH_TIMEOUT_S)

    def serve(self, assistant: Assistant, mode: Mode | None, others: Applications) -> None:
        """Serve Slack, and the web applications `others`, until interrupted. `mode` defaults to
        `Settings.slack_mode`.

        Raises `NearsayError` when the service cannot start.
        """
        from bot.slack.service import serve

        serve(self.settings, assistant, mode or self.settings.slack_mode, others)

    def _other_spaces(self) -> list[Space]:
        return [
            lexical_space if name == LSA else EmbeddedSpace(self.embedder_of(name), self.store)
            for name in self.settings.models
        ]

    def _golden(self) -> list[str]:
        """Return the questions in the file that NEARSAY_GOLDEN names; none if it is not set."""
        file = self.settings.golden
        if file is None:
            return []
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            problem = f"NEARSAY_GOLDEN names {file}, which cannot be read: {why}."
            raise SettingsError([problem]) from error
        return [question for line in lines if (question := one_line(line))]


def slack_manifest(settings: Settings, mode: Mode, url: str | None) -> dict[str, object]:
    """Return the Slack app manifest. In HTTP mode, Slack sends all requests to `url`."""
    from bot.slack.manifest import Uses, manifest

    return manifest(
        settings.command_prefix,
        mode,
        url,
        Uses.of(settings),
        own_terms=None if settings.encyclopedia else _own_terms(settings),
    )


def slack_app_link(described: dict[str, object]) -> str:
    """Return the address of Slack's page for a new app, filled in with a manifest."""
    from bot.slack.manifest import creation_link

    return creation_link(described)


def _own_terms(settings: Settings) -> tuple[str, ...]:
    """Return terms of the index for examples; none if there is no index on this machine yet."""
    if not (settings.data_dir / "generations").is_dir():  # opening a store makes files
        return ()
    store, readers = App(settings, brief=True).store, settings.reader_rules
    with (
        closing(store),
        suppress(NearsayError),
        readers.reading_as(ANONYMOUS),
        store.reading() as generation,
    ):
        return example_terms(entry.term for entry in generation.listed)
    return ()
