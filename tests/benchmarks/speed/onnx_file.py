"""A model's weights as the ONNX file that Chroma's default embedding function reads."""

from __future__ import annotations

import importlib.util
import shutil
import warnings
from pathlib import Path
from typing import Any

MISSING = "its model is made with onnx; install that with: pip install -e '.[onnx]'"
_COPIED = ("config.json", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json")
_EMPTY = "vocab.txt"  # looked for and never read
_INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
_OUTPUT = "last_hidden_state"


def can_export() -> bool:
    """Whether an ONNX file can be made."""
    return importlib.util.find_spec("onnx") is not None


def export(weights: Path, folder: Path) -> None:
    """Makes the files in `folder` of the BERT model in the folder `weights`, unless they are
    there."""
    if folder.exists():
        return
    import torch
    from transformers import AutoModel

    class Plain(torch.nn.Module):
        """The same layers without what cannot be traced."""

        def __init__(self, bert: Any) -> None:
            super().__init__()
            self.bert: Any = bert

        def forward(
            self, ids: torch.Tensor, attended: torch.Tensor, types: torch.Tensor
        ) -> torch.Tensor:
            hidden: torch.Tensor = self.bert.embeddings(input_ids=ids, token_type_ids=types)
            left_out = 1.0 - attended[:, None, None, :].to(hidden.dtype)
            for layer in self.bert.encoder.layer:
                out = layer(hidden, left_out * torch.finfo(hidden.dtype).min)
                hidden = out[0] if isinstance(out, tuple) else out
            return hidden

    making = folder.with_name(f"{folder.name}-in-the-making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bert = AutoModel.from_pretrained(weights, attn_implementation="eager").eval()
        example = torch.ones((2, 8), dtype=torch.int64)
        torch.onnx.export(
            Plain(bert),
            (example, example, torch.zeros_like(example)),
            str(making / "model.onnx"),
            input_names=_INPUTS,
            output_names=[_OUTPUT],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*_INPUTS, _OUTPUT)},
            dynamo=False,
        )
    for name in _COPIED:
        shutil.copy(weights / name, making)
    (making / _EMPTY).touch()
    making.rename(folder)
