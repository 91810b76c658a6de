"""A workspace for trying an app by hand: `python -m tests.fake_slack`.

Prints the app's settings as lines for an .env file. Serves a page at the same address, on which
users can be played: write, use commands, click and fill in forms.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from tests.fake_slack import ManifestError, Workspace

PEOPLE = (("ada", True), ("grace", False), ("linus", False))
CHANNELS = (("general", False), ("random", False), ("leads", True))


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted. Exit status: 0 if stopped, 1 for a problem, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    if options.mode == "http" and not options.request_url:
        options.request_url = "http://127.0.0.1:3000/slack/events"
    workspace = Workspace(mode=options.mode, request_url=options.request_url, port=options.port)
    try:
        if options.manifest:
            workspace.install(json.loads(options.manifest.read_text(encoding="utf-8")))
        workspace.start()
    except (ManifestError, OSError, ValueError) as problem:
        sys.stderr.write(f"The workspace cannot start: {problem}\n")
        return 1
    populate(workspace)
    lines = "".join(f"{name}={value}\n" for name, value in workspace.env().items())
    if options.env:
        options.env.write_text(lines, encoding="utf-8")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    sys.stdout.write(lines)
    sys.stdout.flush()
    sys.stderr.write(f"The workspace is at {workspace.base_url}/ ; stop it with Ctrl+C.\n")
    stopped.wait()
    workspace.stop()
    return 0


def populate(workspace: Workspace) -> None:
    """Add some users and channels; the first user is an admin."""
    for name, is_admin in PEOPLE:
        workspace.add_user(name, is_admin=is_admin)
    for name, private in CHANNELS:
        workspace.add_channel(name, private=private)
    for name, _ in PEOPLE:
        workspace.dm(name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_slack", description=__doc__)
    parser.add_argument("--port", type=int, default=3999, help="default: 3999")
    parser.add_argument("--mode", choices=("http", "socket"), default="socket")
    parser.add_argument("--request-url", help="where the app listens in HTTP mode")
    parser.add_argument("--manifest", type=Path, help="a file with the app's manifest as JSON")
    parser.add_argument("--env", type=Path, help="write the settings to this file, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
