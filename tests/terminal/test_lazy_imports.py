"""Short commands import no heavy library and use no network."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.child_process import REPOSITORY

pytestmark = pytest.mark.model


def test_help_does_not_import_heavy_libraries() -> None:
    code = (
        "import sys, runpy; sys.argv = ['nearsay', '--help']\n"
        "try: runpy.run_module('bot', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print([name for name in ('numpy', 'rich', 'chromadb', 'torch') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Usage: nearsay" in done.stdout


@pytest.mark.on_files
def test_single_command_uses_no_heavy_library_and_no_network(real_directory: Path) -> None:
    code = (
        "import sys\n"
        "def watch(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'):\n"
        "        raise SystemExit(f'network: {event} {arguments}')\n"
        "sys.addaudithook(watch)\n"
        "from bot.__main__ import main\n"
        "status = main(['say', *sys.argv[1:]])\n"
        "heavy = ('bs4', 'chromadb', 'markdown_it', 'openai', 'openpyxl', 'scipy',\n"
        "         'sentence_transformers', 'sklearn', 'sqlalchemy.dialects.postgresql', 'torch',\n"
        "         'yaml')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)\n"
        "raise SystemExit(status)"
    )
    for line, loaded in (("/define RAG", []), ("/near why so random today", ["scipy"])):
        done = subprocess.run(
            [sys.executable, "-c", code, line],
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
            env={"NEARSAY_DATA_DIR": str(real_directory), "PATH": "/usr/bin:/bin", "HOME": "/tmp"},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr.strip() == str(loaded)
