"""The Slack service: starting, serving, draining and stopping."""

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress

from bot.admin.scheduler import ReindexScheduler
from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.config import Settings
from bot.identity import UPGRADE
from bot.ops import garbage_collection
from bot.ops.health import Health
from bot.ops.logging import reconfigure_log
from bot.ops.metrics import Gauges
from bot.ops.reload import reload_settings
from bot.ops.signals import receive_signals, reload_requests
from bot.ops.web_server import Applications, WebServer
from bot.replies.base import Problem
from bot.setting_values import Mode
from bot.slack.api_errors import FAILURES, log_errors
from bot.slack.bolt_app import ListenerExecutor, ServiceError, build_app, identify
from bot.slack.client import reach, web_client
from bot.slack.handlers.digest import DigestHandler
from bot.slack.http_server import HttpTransport, serve_others
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import Intake
from bot.slack.queue.shared_inbox import SharedInbox
from bot.slack.queue.worker_pool import WorkerPool
from bot.slack.socket_mode import SocketModePool, open_sockets
from bot.slack.wiring import ServiceParts, wire
from index.errors import IndexOutdated, NearsayError, StoreBusy, VectorStoreUnavailable

logger = logging.getLogger(__name__)


WORKERS = 8  # worker threads; with more, acknowledgements wait for the interpreter lock
LISTENERS = 16  # threads for acknowledgements
DRAIN = 7  # seconds for running jobs to finish at shutdown
WARM_UP = 1  # seconds between attempts to warm up
UPGRADE_RETRY = 60  # seconds between attempts to rebuild an outdated index
TAKE_OVER = 1  # seconds between checks for deliveries of dead processes
PROBE = 5  # seconds between probes while Slack refuses calls
KEEPING = 1  # seconds for the question log to be written at shutdown


class Service:
    """The bot that serves one workspace.

    Raises `StoreBusy` if another process serves from the same data directory.
    """

    def __init__(
        self,
        settings: Settings,
        assistant: Assistant,
        mode: Mode,
        others: Applications | None = None,
    ) -> None:
        """Prepare to serve Slack, and the web applications `others` beside it."""
        self._others = others or {}
        self._web: WebServer | None = None
        self._settings = settings
        self._assistant = assistant
        self._mode = mode
        self._warm = threading.Event()
        self._stopping = threading.Event()
        self._upgrading = False
        self._claim = assistant.store.claim()
        self._inbox = self._own_or_shared_inbox()
        self._work = WorkerPool(WORKERS)
        self._upkeep = ReindexScheduler(settings, assistant.administration)
        self._wired: ServiceParts | None = None
        self._transport: SocketModePool | HttpTransport | None = None
        self._health: Health | None = None
        self._gauges: Gauges | None = None
        self._acknowledging: ListenerExecutor | None = None

    @property
    def ready(self) -> bool:
        """Whether the model and the index are loaded, and Slack is connected and accepts calls."""
        return self._warm.is_set() and self._is_open() and not reach.is_unreachable

    @property
    def port(self) -> int:
        """The actual port of the HTTP server, or 0 if there is none."""
        if self._web is not None:
            return self._web.port
        return self._transport.port if self._transport else 0

    @property
    def ops_port(self) -> int:
        return self._health.port if self._health else 0

    def start(self) -> None:
        """Start serving. Raises `ServiceError` if Slack cannot be used or a port is in use."""
        client = web_client(self._settings, anonymous=True)
        who = identify(self._settings, client)
        self._acknowledging = ListenerExecutor(LISTENERS, thread_name_prefix="listener")
        app = build_app(client, who, self._acknowledging)
        wired = self._wired = wire(
            app, who, self._settings, self._assistant, self._inbox, self._work
        )
        # Read before the transport opens, so that they include no new deliveries.
        left = [] if self._assistant.store.is_shared else self._inbox.take_unanswered()
        try:
            self._health = Health(
                self._settings.ops_port,
                {
                    "warm": self._warm.is_set,
                    "connected": self._is_open,
                    "accepted": lambda: not reach.is_unreachable,
                },
                self._settings.ops_host,
            )
            self._gauges = Gauges(self._assistant.store, self._assistant.embedder, self._readings())
            if self._mode == "http":
                first, others = self._inbox.is_first, self._others
                self._transport = HttpTransport(app, self._settings, first, others)
            else:
                self._web = serve_others(self._settings, self._others)
                self._transport = open_sockets(app, self._settings)
        except OSError as error:
            self.stop(0)
            raise ServiceError(
                f"The server cannot start: {error.strerror or error}. Set NEARSAY_PORT and "
                "NEARSAY_OPS_PORT to free ports, and NEARSAY_HOST and NEARSAY_OPS_HOST to "
                "addresses of this machine."
            ) from error
        with suppress(NearsayError):  # `_warm_up` reports an index that cannot be read
            self._upgrading = self._assistant.store.outdated() is not None
        _in_background(lambda: self._warm_up(wired.intake, left), "warm-up")
        _in_background(self._probe_slack, "reach")
        self._upkeep.start()
        self._assistant.question_log.start()
        self._start_digest()
        if not self._upgrading:
            wired.intake.resume(left)
        if self._assistant.store.is_shared:
            _in_background(lambda: self._take_over(wired.intake), "take-over")
        self._assistant.store.watch()
        logger.info("serving Slack (%s mode)", self._mode)

    def stop(self, seconds: float = DRAIN) -> bool:
        """Stop serving. Wait up to `seconds` for running jobs; return whether all have finished."""
        self._stopping.set()
        if self._transport is not None:
            self._transport.leave()
        self._upkeep.stop()
        if self._wired is not None:
            self._wired.live.stop()
            self._wired.attention.stop()
        drained = self._work.drain(seconds)
        if not drained:
            logger.warning("stopped with unsent answers; the next start sends them")
        self._assistant.question_log.stop(KEEPING)
        for server in (self._transport, self._web):
            if server is not None:
                server.close()
        if self._acknowledging is not None:
            self._acknowledging.shutdown(wait=False, cancel_futures=True)
        for watched in (self._health, self._gauges):
            if watched is not None:
                watched.close()
        if drained:  # otherwise running threads still write to the inbox
            self._inbox.close()
        self._assistant.store.deregister()
        if self._claim is not None:
            self._claim.release()
        return drained

    def apply(self, settings: Settings) -> None:
        """Apply reloaded settings, and open the newest generation of the index."""
        self._settings = settings
        reconfigure_log(settings.log_level, settings.log_format, settings.secrets)
        if self._wired is not None:
            self._wired.admins.ids = tuple(settings.admins)
        with log_errors("the index could not be refreshed"):
            self._assistant.store.refresh()

    def _probe_slack(self) -> None:
        client = web_client(self._settings, 5, once=True)
        while not self._stopping.wait(PROBE):
            # A closed socket is opened again by the pool, which probes Slack itself.
            if reach.refused_since is not None and self._is_open():
                with suppress(*FAILURES):
                    client.auth_test()

    def _readings(self) -> dict[tuple[str, str], Callable[[], float]]:
        unanswered = "Acknowledged deliveries of the last 25 minutes without an answer."
        work = self._work
        return {
            ("nearsay_ready", "1 if the service is ready to answer, else 0."): lambda: self.ready,
            ("nearsay_queue_jobs_waiting", "Jobs waiting for a worker."): lambda: work.waiting,
            ("nearsay_queue_jobs_running", "Running jobs."): lambda: work.running,
            ("nearsay_inbox_waiting", unanswered): self._inbox.count,
        }

    def _own_or_shared_inbox(self) -> Inbox:
        store = self._assistant.store
        if store.is_shared:  # separate connections, so that acknowledgements need not wait
            return SharedInbox(store.database, lambda: store.membership().token)
        return Inbox.in_file(self._settings.data_dir / "inbox.sqlite3")

    def _take_over(self, intake: Intake) -> None:
        while not self._stopping.wait(TAKE_OVER):
            if not self._upgrading:
                intake.resume(self._inbox.take_unanswered())

    def _start_digest(self) -> None:
        settings = self._settings
        if not settings.digest_channel:
            return
        digest = DigestHandler(
            self._assistant.store,
            self._assistant.embedder,
            web_client(settings),
            settings.digest_channel,
            settings.command_prefix,
            self._assistant.readers,
        )
        _in_background(lambda: digest.run(self._stopping), "digest")

    def _is_open(self) -> bool:
        return self._transport is not None and self._transport.is_open

    def _warm_up(self, intake: Intake, left: list[Delivery]) -> None:
        """Load the model and the index; rebuild an outdated index first, then answer `left`."""
        logged = ""
        while not self._stopping.is_set():
            try:
                self._assistant.warm_up()
                garbage_collection.tune_runtime()
                self._warm.set()
                if self._upgrading:
                    self._upgrading = False
                    intake.resume(left)
                    self._assistant.answer(Request("near-admin", "", verb="reindex"), UPGRADE)
                self._assistant.administration.publish_edits()
                return
            except (IndexOutdated, VectorStoreUnavailable) as error:
                outdated = isinstance(error, IndexOutdated)
                trouble = self._assistant.administration.upgrade() if outdated else error
                if trouble is None:
                    continue
                if trouble.message != logged:
                    logged = trouble.message
                    logger.warning("not ready yet: %s", logged)
                passing = not isinstance(trouble, Problem) or trouble.code == StoreBusy.code
                self._stopping.wait(WARM_UP if passing else UPGRADE_RETRY)
            except Exception:
                logger.exception("the model or the index could not be loaded")
                return


def _in_background(work: Callable[[], None], name: str) -> None:
    threading.Thread(target=work, name=name, daemon=True).start()


def serve(settings: Settings, assistant: Assistant, mode: Mode, others: Applications) -> None:
    """Serve Slack, and the web applications `others`, until SIGTERM or SIGINT, then drain; reload
    the settings on SIGHUP.

    Raises `ServiceError` or `StoreBusy` if the service cannot start.
    """
    received = receive_signals()
    service = Service(settings, assistant, mode, others)
    service.start()
    for _ in reload_requests(received):
        settings = reload_settings(settings)
        service.apply(settings)
    logger.info("stopping")
    drained = service.stop()
    logger.info("stopped")
    if not drained:
        # A normal exit would wait for running threads; the inbox keeps their deliveries.
        logging.shutdown()
        os._exit(0)
