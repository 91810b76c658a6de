"""Serve agents over HTTP, without Slack."""

import logging
import threading
from contextlib import ExitStack, closing

from bot.admin.scheduler import ReindexScheduler
from bot.assistant import Assistant
from bot.config import Settings
from bot.ops import garbage_collection
from bot.ops.health import Health
from bot.ops.logging import reconfigure_log
from bot.ops.metrics import Gauges
from bot.ops.reload import reload_settings
from bot.ops.signals import receive_signals, reload_requests
from bot.ops.web_server import Applications, WebServer
from index.errors import NearsayError

logger = logging.getLogger(__name__)

THREADS = 16
RETRY_S = 1.0  # seconds between attempts to load the model and the index


class PortInUse(NearsayError):
    """Raised if a server cannot start on its address."""

    code = "port"


def serve_agents(settings: Settings, assistant: Assistant, applications: Applications) -> None:
    """Serve web applications until SIGTERM or SIGINT; reload the settings on SIGHUP.

    Raises `StoreBusy` if another process serves from the data directory, and `PortInUse`.
    """
    received = receive_signals()
    assistant.readers = settings.reader_rules
    warm, stopping, store = threading.Event(), threading.Event(), assistant.store
    with ExitStack() as closes:
        claim = store.claim()
        if claim is not None:
            closes.callback(claim.release)
        address = (settings.host, settings.port)
        try:
            web = closes.enter_context(closing(WebServer(applications, address, THREADS)))
            conditions = {"warm": warm.is_set}
            health = Health(settings.ops_port, conditions, settings.ops_host)
        except OSError as error:
            raise PortInUse(
                f"The server cannot start: {error.strerror or error}.",
                "Set NEARSAY_PORT and NEARSAY_OPS_PORT to free ports.",
            ) from error
        closes.enter_context(closing(health))
        gauges = {("nearsay_ready", "1 if the service is ready to answer, else 0."): warm.is_set}
        closes.enter_context(closing(Gauges(store, assistant.embedder, gauges)))
        upkeep = ReindexScheduler(settings, assistant.administration)
        upkeep.start()
        closes.callback(upkeep.stop)
        closes.callback(stopping.set)
        store.watch()
        threading.Thread(target=_warm_up, args=(assistant, warm, stopping), daemon=True).start()
        logger.info("serving agents on port %d", web.port)
        for _ in reload_requests(received):
            settings = reload_settings(settings)
            reconfigure_log(settings.log_level, settings.log_format, settings.secrets)
    logger.info("stopped")


def _warm_up(assistant: Assistant, warm: threading.Event, stopping: threading.Event) -> None:
    """Load the model and the index, again after an error that may pass."""
    logged = ""
    while not stopping.is_set():
        try:
            assistant.warm_up()
            garbage_collection.tune_runtime()
            warm.set()
            return
        except NearsayError as error:
            if error.message != logged:
                logged = error.message
                logger.warning("not ready yet: %s", logged)
            stopping.wait(RETRY_S)
        except Exception:
            logger.exception("the model or the index could not be loaded")
            return
