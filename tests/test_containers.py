"""`Dockerfile` and `compose.yaml` match the code. Tests cannot build an image."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Settings, setting_names
from tests.support.chroma_server import Chroma, free_port

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_image_runs_unprivileged_and_is_unhealthy_only_if_the_process_is() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER nearsay$", last, re.MULTILINE)
    assert f"127.0.0.1:{Settings().ops_port}/healthz" in last
    assert "/readyz'" not in last


def test_every_service_has_limits() -> None:
    for name, service in SERVICES.items():
        assert {"mem_limit", "cpus", "pids_limit", "cap_drop", "security_opt"} <= set(service), name


def test_files_copied_into_the_image_exist_and_are_in_the_build_context() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists()
        assert f"!{name}" in allowed


def test_image_uses_a_supported_python_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert set(re.findall(r"^FROM python:3\.(\d+)-slim", DOCKERFILE, re.MULTILINE)) == {"12"}


def test_image_stores_the_converted_model_where_the_bot_reads_it() -> None:
    assert f"SentenceEmbedder('{Settings().model}', Path('/data/models'))" in DOCKERFILE
    assert "NEARSAY_DATA_DIR=/data " in DOCKERFILE


def test_settings_in_the_compose_file_exist() -> None:
    known = set(setting_names().values())
    for name in ("tables", "index", "bot"):
        assert set(SERVICES[name]["environment"]) <= known


def test_services_are_reachable_only_from_their_own_network() -> None:
    assert not any("ports" in service or "network_mode" in service for service in SERVICES.values())


def test_compose_file_contains_no_secrets() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert "${POSTGRES_PASSWORD:?" in text
    assert not re.search(r"PASSWORD: (?!\$\{)", text)
    assert not re.search(r"nearsay:(?!\$\{)[^@\s]+@", text)


def test_service_dependencies_and_volumes_exist() -> None:
    for service in SERVICES.values():
        for name, wanted in service.get("depends_on", {}).items():
            healthy = wanted["condition"] == "service_healthy"
            assert not healthy or "test" in SERVICES[name]["healthcheck"]
    assert SERVICES["bot"]["deploy"]["replicas"] >= 2
    assert set(COMPOSE["volumes"]) == {
        volume.partition(":")[0] for each in SERVICES.values() for volume in each["volumes"]
    }


@pytest.mark.children
def test_chroma_server_accepts_its_command_line(tmp_path: Path) -> None:
    command = [str(part) for part in SERVICES["chroma"]["command"]]
    port = free_port()
    here = {"0.0.0.0": "127.0.0.1", "/data/chroma": str(tmp_path / "data"), "8000": str(port)}
    chroma = Chroma(tmp_path, port, arguments=tuple(here.get(part, part) for part in command))
    chroma.start()
    chroma.stop()
