"""The workspace's server: one loopback port for the Web API, sockets, files and the page.

It runs in a separate thread with its own event loop, and listens only on 127.0.0.1.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from aiohttp import web

from tests.fake_slack import response_urls, uploads
from tests.fake_slack.core import Core, Settings
from tests.fake_slack.delivery import Dispatcher
from tests.fake_slack.http_mode import HttpTransport
from tests.fake_slack.manifest import Mode
from tests.fake_slack.records import Delivery
from tests.fake_slack.socket_mode import SocketHub
from tests.fake_slack.web_api import WebApi

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024 * 1024
T = TypeVar("T")


class Server(Core):
    """A `Core` with a server. Start it with `with`, or with `start` and `stop`."""

    def __init__(self, mode: Mode, request_url: str | None, settings: Settings, port: int) -> None:
        super().__init__(mode, request_url, settings)
        self._port = port
        self._thread: threading.Thread | None = None
        self._loop = asyncio.new_event_loop()
        self.hub = SocketHub(self)
        self.http = HttpTransport(self)
        transport = self.hub if mode == "socket" else self.http
        self._dispatcher = Dispatcher(self, transport, self._loop)

    def start(self) -> None:
        """Start listening, and return once the port is open."""
        ready = threading.Event()
        failure: list[BaseException] = []

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            try:
                runner = self._loop.run_until_complete(self._listen())
            except OSError as error:
                failure.append(error)
                ready.set()
                return
            ready.set()
            self._loop.run_forever()
            self._loop.run_until_complete(self._hang_up(runner))

        self._thread = threading.Thread(target=run, name="loopback-slack", daemon=True)
        self._thread.start()
        ready.wait()
        if failure:
            self._thread.join()
            self._thread = None
            raise failure[0]

    def stop(self) -> None:
        """Stop listening, and cancel running deliveries."""
        if self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._thread = None
        self._loop.close()

    async def _listen(self) -> web.AppRunner:
        application = web.Application(client_max_size=LARGEST_BODY)
        application.add_routes(self._routes())
        # A short grace period, since a call that hangs because of a fault must not delay the tests.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, HOST, self._port)
        await site.start()
        address = runner.addresses[0]
        self.base_url = f"http://{HOST}:{address[1]}"
        return runner

    def _routes(self) -> list[web.RouteDef]:
        api = WebApi(self, self.hub)

        async def respond(request: web.Request) -> web.StreamResponse:
            return await response_urls.handle(self, request)

        async def receive(request: web.Request) -> web.StreamResponse:
            return await uploads.receive(self, request)

        async def download(request: web.Request) -> web.StreamResponse:
            return await uploads.download(self, request)

        return [
            web.route("*", "/api/{method}", api.handle),
            web.get("/link/", self.hub.handle),
            web.post("/commands/{team}/{id}", respond),
            web.post("/actions/{team}/{id}", respond),
            web.post("/upload/v1/{file_id}", receive),
            web.get("/files-pri/{file}/{name}", download),
            *self.page_routes(),
        ]

    def page_routes(self) -> list[web.RouteDef]:
        """Return the routes of the browser page, which the façade adds."""
        return []

    async def _hang_up(self, runner: web.AppRunner) -> None:
        await self._dispatcher.stop()
        await self.hub.close()
        await self.http.close()
        await runner.cleanup()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop and wait for it; called from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def dispatch(self, delivery: Delivery) -> None:
        self._dispatcher.start(delivery)

    def call_later(self, seconds: float, action: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(self._loop.call_later, seconds, action)

    def redeliver_now(self, delivery: Delivery, reason: str) -> None:
        """Send an event again and wait for the outcome."""
        self.run(self._dispatcher.redeliver(delivery, reason))
