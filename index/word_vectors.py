"""Where words lie by themselves: as a model takes them in, before it reads them in a text.

They are read from the model's files, so no model need be loaded. A model that keeps no such
vectors, or in another format, has none.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)

WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
READABLE = ("F64", "F32", "F16")  # the types of numbers that NumPy has, too
AT_ONCE = 4_096  # rows read together


def word_vectors(folder: Path, words: Sequence[str]) -> NDArray[np.float32] | None:
    """The vector of each word, the mean of those of its pieces: `float32[n, d]`; None where the
    model in `folder` has none."""
    if not (folder / WEIGHTS).is_file() or not (folder / TOKENIZER).is_file():
        return None
    from safetensors import SafetensorError, safe_open
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    pieces = [one.ids for one in tokenizer.encode_batch(list(words), add_special_tokens=False)]
    try:
        with safe_open(str(folder / WEIGHTS), "numpy") as tensors:
            table = _table(tensors, tokenizer.get_vocab_size())
            if table is None:
                return None
            return _means(table, pieces)
    except SafetensorError as error:
        logger.info("the words of %s are not known: %s", folder.name, error)
        return None


def _table(tensors: Any, pieces: int) -> Any:
    """The tensor with a row for each of so many pieces of words, or None."""
    for name in tensors.keys():  # noqa: SIM118  # these are no dictionary
        tensor = tensors.get_slice(name)
        shape = tensor.get_shape()
        if len(shape) == 2 and shape[0] >= pieces and tensor.get_dtype() in READABLE:
            return tensor
    return None


def _means(table: Any, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """The mean of the rows of a table for each word, given by its pieces; zeros for one without."""
    counts = np.array([len(of_word) for of_word in pieces], dtype=np.int64)
    rows = np.fromiter(chain.from_iterable(pieces), dtype=np.int64, count=int(counts.sum()))
    words = np.repeat(np.arange(len(pieces)), counts)
    height, width = table.get_shape()
    sums = np.zeros((len(pieces), width), dtype=np.float32)
    for start in range(0, height, AT_ONCE):
        inside = np.flatnonzero((rows >= start) & (rows < start + AT_ONCE))
        if len(inside):
            part = table[start : min(start + AT_ONCE, height)]
            np.add.at(sums, words[inside], part[rows[inside] - start].astype(np.float32))
    sums /= np.maximum(counts, 1)[:, np.newaxis]
    return sums
