"""Run the command line in a child process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.server_mode import ServerMode

REPOSITORY = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


def run_nearsay(
    *arguments: str,
    data: Path,
    stdin: str | bytes | None = None,
    folder: Path | None = None,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Run the command line in `folder`, with only these settings."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NEARSAY_", "SLACK_"))
    }
    environment |= {"NEARSAY_DATA_DIR": str(data), "HF_HUB_OFFLINE": "1", "COLUMNS": "80"}
    environment |= {"PYTHONPATH": str(REPOSITORY), **settings}
    if ServerMode.active is not None:
        environment |= ServerMode.active.environment(data)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=(stdin.encode() if isinstance(stdin, str) else stdin) or b"",
        capture_output=True,
        env=environment,
        cwd=folder or data.parent,
        timeout=300,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
