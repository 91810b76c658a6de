"""A Slack workspace on the loopback address, for tests and for trying the bot by hand.

It speaks Slack's published protocol over real HTTP and WebSocket connections. An app built with
slack_bolt cannot tell the difference: give it `workspace.api_url` as its base URL.

    with Workspace(mode="socket") as workspace:
        workspace.install(manifest)
        ada = workspace.add_user("ada")
        general = workspace.add_channel("general")
        ...                                          # start the app on workspace.api_url
        delivery = workspace.command(ada, general, "/near", "a puppy")
        assert delivery.ok and delivery.seconds < 1
        [answer] = workspace.wait(lambda: workspace.ephemerals(ada, general))
        workspace.click(ada, answer, "More")

The parts, from the inside out:

* `model`, `records`, `state`: objects, the record of what happened, and the lock around both.
* `manifest`, `scopes`: the app's permissions and subscriptions.
* `core`: the shared base. `conversation` posts, edits and deletes; `events` tells the app;
  `payloads` builds interaction payloads; `view_stack` and `element_state` keep modals.
* `blockkit_rules`, `blockkit_elements`: what Slack accepts.
* `web_api` with `methods/`, `response_urls`, `uploads`: what the app calls. `faults`: failures
  on demand.
* `delivery` over `http_mode` or `socket_mode`: sending to the app; `acknowledgements`: their
  effects.
* `server` runs it all in a thread; `people`, `interactions`, `watching` and `workspace` are the
  façade, in layers.
* `page_server`, `page_state` and `page/`: the workspace in a browser, `python -m tests.fake_slack`.
"""

from tests.fake_slack.core import ImpossibleError, Settings
from tests.fake_slack.manifest import ManifestError
from tests.fake_slack.model import Channel, Message, User, View
from tests.fake_slack.records import Call
from tests.fake_slack.watching import WaitTimeoutError
from tests.fake_slack.workspace import Workspace

__all__ = [
    "Call",
    "Channel",
    "ImpossibleError",
    "ManifestError",
    "Message",
    "Settings",
    "User",
    "View",
    "WaitTimeoutError",
    "Workspace",
]
