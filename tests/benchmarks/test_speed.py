"""The speed benchmark runs, and reports every system and budget."""

import json
import subprocess
import sys

import pytest

from tests.benchmarks.speed.systems import HTTP, SYSTEMS


@pytest.mark.slow
def test_speed_benchmark_measures_every_system() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.speed", "--quick", "--json"]
    done = subprocess.run(
        [*command, "--passages", "300"], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    (size,) = run["sizes"]
    assert {result["system"] for result in size["results"]} == {*SYSTEMS, HTTP}
    assert all(result["lost"] == 0 and result["times"]["median"] > 0 for result in size["results"])
    assert size["indexing"]["alone"] > 0
    assert all(seconds > 0 for seconds in run["starting"].values())
