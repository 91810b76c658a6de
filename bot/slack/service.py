"""Nearsay as a service in Slack: start, serve, drain, stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from queue import SimpleQueue
from typing import Literal

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError
from waitress.server import MultiSocketServer

from bot import pauses
from bot.actors import UPGRADE
from bot.admin.administration import Administration
from bot.admin.digest import Digest
from bot.admin.imports import FOLDER
from bot.admin.upkeep import Upkeep
from bot.admin.uploads import Uploads
from bot.desk import Desk
from bot.gauges import Gauges, Reading
from bot.grammar import Request
from bot.health import Health
from bot.logs import log_as
from bot.reloading import reloaded
from bot.replies import Problem
from bot.settings import Settings
from bot.slack.admin_courier import AdminCourier
from bot.slack.admins import Admins
from bot.slack.agent import Agent
from bot.slack.application import Acknowledging, ServiceError, application, identify
from bot.slack.attention import Attention
from bot.slack.clients import reach, web_client
from bot.slack.courier import Courier
from bot.slack.digest_courier import DigestCourier
from bot.slack.editing.draft_keeper import DraftKeeper
from bot.slack.editing.edit_courier import EditCourier
from bot.slack.editing.form_courier import FormCourier
from bot.slack.editing.listeners import EditListeners
from bot.slack.editing.live_courier import LiveCourier
from bot.slack.editing.review_courier import ReviewCourier
from bot.slack.editing.save_courier import SaveCourier
from bot.slack.failures import FAILURES
from bot.slack.guests import Door
from bot.slack.home_courier import HomeCourier
from bot.slack.import_courier import ImportCourier
from bot.slack.listeners import Listeners
from bot.slack.map_courier import MapCourier
from bot.slack.modal_courier import ModalCourier
from bot.slack.notes import Notes
from bot.slack.pace import Pace
from bot.slack.queue.inbox import Inbox
from bot.slack.sent_files import Downloads
from bot.slack.sockets import Sockets
from bot.slack.thread_courier import ThreadCourier
from bot.slack.threads import Threads
from bot.slack.view_listeners import ViewListeners
from bot.slack.vote_courier import VoteCourier
from bot.slack.web import Server, create_server
from bot.slack.whispers import Whispers
from bot.slack.work import Work
from index.batching import LARGEST
from index.errors import IndexOutdated, NearsayError, StoreBusy, VectorsAway
from index.store import Store
from index.store.ledger.database import Database

logger = logging.getLogger(__name__)

Mode = Literal["socket", "http"]

WORKERS = LARGEST  # answers worked on at once: as many as the model takes together
LISTENERS = 16  # acknowledgements at once
DRAIN = 7  # seconds for answers under way when told to stop
WARM_UP = 1  # seconds between two attempts
UPGRADE_RETRY = 60  # seconds until the index is rebuilt again, where that failed
TAKE_OVER = 1  # seconds between two looks at what other processes left
PROBE = 5  # seconds between two looks whether Slack takes calls again
KEEPING = 1  # seconds for what is still to be kept of them


class Service:
    """The bot in one workspace. `start` returns once it listens; `stop` drains it."""

    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        mode: Mode,
        upkeep: Upkeep | None = None,
        digest: Digest | None = None,
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._mode = mode
        self._warm = threading.Event()
        self._stopping = threading.Event()
        self._upgrading = False
        self._inbox = self._own_or_shared_inbox()
        self._work = Work(WORKERS)
        self._upkeep = upkeep
        self._digest = digest
        self._digest_courier: DigestCourier | None = None
        self._live: LiveCourier | None = None
        self._admins: Admins | None = None
        self._sockets: Sockets | None = None
        self._server: Server | None = None
        self._health: Health | None = None
        self._gauges: Gauges | None = None
        self._acknowledging: Acknowledging | None = None
        self._attention: Attention | None = None

    @property
    def ready(self) -> bool:
        """Whether model and index are warm and Slack can reach the bot."""
        return self._warm.is_set() and self._connected() and not reach.is_lost

    @property
    def port(self) -> int:
        """The port that HTTP mode listens on, which the system chose when 0 was asked for."""
        if isinstance(self._server, MultiSocketServer):
            return int(self._server.effective_listen[0][1])
        return int(getattr(self._server, "effective_port", 0))

    @property
    def ops_port(self) -> int:
        return self._health.port if self._health else 0

    def start(self) -> None:
        """Connects and begins to serve. Raises `ServiceError` when Slack will not have it, or an
        address is taken."""
        client = web_client(self._settings, anonymous=True)
        who = identify(self._settings, client)
        self._acknowledging = Acknowledging(LISTENERS, thread_name_prefix="listener")
        app = application(client, who, self._acknowledging)
        listeners = self._listeners(who.bot_user_id or "")
        app.use(self._door(who).screen)
        listeners.register(app)
        try:
            self._health = Health(
                self._settings.ops_port,
                {
                    "warm": self._warm.is_set,
                    "connected": self._connected,
                    "accepted": lambda: not reach.is_lost,
                },
            )
            self._gauges = Gauges(self._desk.store, self._desk.embedder, self._readings())
            self._listen(app)
        except OSError as error:
            self.stop(0)
            raise ServiceError(
                f"The bot cannot listen: {error.strerror or error}. Set NEARSAY_PORT and "
                "NEARSAY_OPS_PORT to free ports, and NEARSAY_HOST to an address of this machine."
            ) from error
        self._upgrading = _is_outdated(self._desk.store)
        threading.Thread(
            target=self._warm_up, args=(listeners,), name="warm-up", daemon=True
        ).start()
        threading.Thread(target=self._look_for_slack, name="reach", daemon=True).start()
        if self._upkeep is not None:
            self._upkeep.start()
        self._desk.memory.start()
        self._tell_weekly()
        if not self._upgrading:
            _resume(listeners)
        if self._desk.store.is_shared:
            threading.Thread(
                target=self._take_over, args=(listeners,), name="take-over", daemon=True
            ).start()
        self._desk.store.follow()
        logger.info("serving Slack (%s mode)", self._mode)

    def stop(self, seconds: float = DRAIN) -> bool:
        """Takes nothing new, lets the answers under way end for `seconds`, and stops. What has
        not been answered by then is in the inbox for the next start. Returns whether all were."""
        self._stopping.set()
        if self._sockets is not None:
            self._sockets.close()
        if self._upkeep is not None:
            self._upkeep.stop()
        if self._digest_courier is not None:
            self._digest_courier.stop()
        if self._live is not None:
            self._live.stop()
        if self._attention is not None:
            self._attention.stop()
        drained = self._work.drain(seconds)
        if not drained:
            logger.warning("stopped before every answer was sent; the rest is sent at next start")
        self._desk.memory.stop(KEEPING)
        if self._server is not None:
            # Until here it records what comes, for the next start: Slack repeats no command.
            self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
            self._server.close()
        if self._acknowledging is not None:
            self._acknowledging.shutdown(wait=False, cancel_futures=True)
        if self._health is not None:
            self._health.close()
        if self._gauges is not None:
            self._gauges.close()
        if drained:  # else threads that still work note what they have answered
            self._inbox.close()
        self._desk.store.leave()
        return drained

    def apply(self, settings: Settings) -> None:
        """Goes on with other settings, as far as they can change while serving (see
        `bot.reloading`), and with a generation that another process has built."""
        self._settings = settings
        log_as(settings.log_level, settings.log_format, settings.secrets)
        if self._admins is not None:
            self._admins.become(settings.admins)
        try:
            self._desk.store.refresh()
        except NearsayError as error:
            logger.warning("no other generation can be looked for: %s", error.message)

    def _look_for_slack(self) -> None:
        """While Slack refuses calls, probe it with `auth.test`: other traffic may be rare."""
        client = web_client(self._settings, 5, once=True)
        while not self._stopping.wait(PROBE):
            if reach.is_refused:
                with suppress(*FAILURES):
                    client.auth_test()

    def _readings(self) -> dict[tuple[str, str], Reading]:
        """What `/metrics` shows of the service."""
        return {
            ("nearsay_ready", "Whether people can be answered."): lambda: self.ready,
            ("nearsay_queue_jobs_waiting", "Jobs that wait for a worker."): lambda: (
                self._work.waiting
            ),
            ("nearsay_queue_jobs_running", "Jobs that workers are at."): lambda: self._work.running,
            (
                "nearsay_inbox_waiting",
                "Deliveries that were acknowledged and are not answered yet.",
            ): self._inbox.count,
        }

    def _door(self, who: AuthorizeResult) -> Door:
        settings = self._settings
        return Door(
            who, settings.external_users, self._whispers(), self._work, settings.command_prefix
        )

    def _whispers(self) -> Whispers:
        return Whispers(web_client(self._settings, 5))

    def _own_or_shared_inbox(self) -> Inbox:
        store = self._desk.store
        if store.is_shared:  # by connections of its own: acknowledgements wait for nothing else
            return Inbox(Database.at(store.database), lambda: store.present().token)
        return Inbox.in_file(self._settings.data_dir / "inbox.sqlite3")

    def _take_over(self, listeners: Listeners) -> None:
        """Answers, until told to stop, what processes that have gone meanwhile left."""
        while not self._stopping.wait(TAKE_OVER):
            if self._upgrading:
                continue
            taken = listeners.resume()
            if taken:
                logger.info("%d questions of another process are being answered", taken)

    def _listeners(self, bot_user: str) -> Listeners:
        """What works off what Slack delivers, with clients of its own."""
        settings, prefix = self._settings, self._settings.command_prefix
        token = settings.slack_bot_token.reveal() if settings.slack_bot_token else ""
        bot = web_client(settings)
        # An answer that may have arrived is looked for before it is sent again, so nothing else
        # may send it again.
        once = web_client(settings, once=True)
        admins = self._admins = Admins(settings.admins, bot if settings.workspace_admins else None)
        notes = Notes(self._desk.memory)
        votes = VoteCourier(self._desk.memory, self._inbox, bot)
        maps = MapCourier(bot)
        editing = self._desk.editing
        live = self._live = LiveCourier(bot, self._desk.store, prefix)
        reviews = ReviewCourier(editing, bot, settings.review_channel, admins, prefix)
        editing.tell_of_suggestions(reviews.post)
        drafts = DraftKeeper(self._desk.store, self._work)
        imports = ImportCourier(
            self._desk,
            bot,
            admins,
            Downloads(token, settings.slack_api_url),
            Uploads(settings.data_dir / FOLDER),
            prefix,
        )
        # Nothing waits long for what is only said by the way.
        agent = Agent(self._desk, web_client(settings, 2))
        threads = Threads(once, bot_user)
        attention = self._attention = Attention(
            threads, self._desk.names_entry, time.time(), shared=self._desk.store.is_shared
        )
        courier = Courier(
            self._desk,
            self._inbox,
            prefix,
            admins,
            AdminCourier(self._desk, bot, prefix, self._inbox),
            EditCourier(self._desk, self._inbox, live, reviews, prefix),
            ThreadCourier(
                self._desk,
                self._inbox,
                threads,
                notes,
                agent,
                maps,
                self._whispers(),
                Pace(),
                prefix,
            ),
            votes,
            maps,
            imports,
            notes,
        )
        modals = ModalCourier(
            self._desk, web_client(settings, patient=True), self._work, notes, votes, prefix
        )
        forms = EditListeners(
            self._work,
            modals,
            FormCourier(editing, self._desk.store, drafts),
            SaveCourier(editing, self._desk.store, drafts, live, reviews),
            admins,
        )
        views = ViewListeners(
            self._work,
            modals,
            HomeCourier(self._desk, bot, admins),
            agent,
            admins,
            prefix,
        )
        return Listeners(
            self._inbox, self._work, courier, views, forms, attention, prefix, settings.threads
        )

    def _tell_weekly(self) -> None:
        """Begins to tell a channel what people could not find, where one is set."""
        settings = self._settings
        if self._digest is None or not settings.digest_channel:
            return
        self._digest_courier = DigestCourier(
            self._digest, web_client(settings), settings.digest_channel, settings.command_prefix
        )
        self._digest_courier.start()

    def _listen(self, app: App) -> None:
        settings = self._settings
        if self._mode == "http":
            secret = settings.slack_signing_secret
            if secret is None:
                raise ServiceError(
                    "HTTP mode needs SLACK_SIGNING_SECRET, from the app's Basic Information page."
                )
            self._server = create_server(
                app, secret.reveal(), settings.host, settings.port, self._inbox.is_first
            )
            threading.Thread(target=self._serve_http, name="http", daemon=True).start()
            return
        if settings.slack_app_token is None:
            raise ServiceError(
                "Socket Mode needs SLACK_APP_TOKEN: an app-level token with the scope "
                "connections:write, from the app's Basic Information page."
            )
        # Nothing else may try again to open a socket, and it may not take long to fail.
        opening = web_client(settings, 5, once=True, anonymous=True)
        self._sockets = Sockets(app, settings.slack_app_token.reveal(), opening)
        try:
            self._sockets.connect()
        except (SlackApiError, SlackClientError) as error:
            code = error.response["error"] if isinstance(error, SlackApiError) else error
            raise ServiceError(
                f"Slack does not open a socket for SLACK_APP_TOKEN ({code}). It is an app-level "
                "token, xapp-…, with the scope connections:write."
            ) from error

    def _serve_http(self) -> None:
        try:
            if self._server is not None:
                self._server.run()
        except OSError:
            # Closed from another thread, the server may find its socket gone.
            if not self._stopping.is_set():
                raise

    def _connected(self) -> bool:
        if self._mode == "http":
            return self._server is not None
        return self._sockets is not None and self._sockets.is_connected()

    def _warm_up(self, listeners: Listeners) -> None:
        """Makes all ready. An index that an older version of Nearsay built is built again first; a
        server with the vectors that does not answer is waited for."""
        said = ""
        while not self._stopping.is_set():
            try:
                self._desk.warm_up()
                pauses.keep_short()
                self._warm.set()
                if self._upgrading:
                    self._upgrading = False
                    _resume(listeners)
                    self._desk.handle(Request("near-admin", "", verb="reindex"), UPGRADE)
                return
            except (IndexOutdated, VectorsAway) as error:
                trouble = self._desk.upgrade() if isinstance(error, IndexOutdated) else error
                if trouble is None:
                    continue
                if trouble.message != said:
                    said = trouble.message
                    logger.warning("not ready yet: %s", said)
                passing = not isinstance(trouble, Problem) or trouble.code == StoreBusy.code
                self._stopping.wait(WARM_UP if passing else UPGRADE_RETRY)
            except Exception:
                logger.exception("the model or the index cannot be used; answers will say why")
                return


def _resume(listeners: Listeners) -> None:
    """Answers what an earlier process left."""
    waiting = listeners.resume()
    if waiting:
        logger.info("%d questions of before are being answered", waiting)


def _is_outdated(store: Store) -> bool:
    """Whether an older version of Nearsay built the index; False where that cannot be told."""
    try:
        return store.outdated() is not None
    except NearsayError:
        return False


def serve(settings: Settings, desk: Desk, administration: Administration, mode: Mode) -> None:
    """Serves until SIGTERM or SIGINT, then drains; at SIGHUP it reads the settings anew. Raises
    `ServiceError` when it cannot start."""
    received: SimpleQueue[int] = SimpleQueue()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), lambda number, _: received.put(number))
    service = Service(settings, desk, mode, Upkeep(settings, administration), administration.digest)
    service.start()
    while received.get() not in (signal.SIGTERM, signal.SIGINT):
        settings = reloaded(settings)
        service.apply(settings)
    logger.info("stopping")
    drained = service.stop()
    logger.info("stopped")
    if not drained:
        # Threads that still work would be waited for at exit; the inbox has what they leave.
        logging.shutdown()
        os._exit(0)
