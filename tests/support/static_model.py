"""Build a tiny sentence-transformers model locally, without the model hub."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

DIMENSIONS = 16


def save_static_model(folder: Path, words: Sequence[str]) -> None:
    """Save a model to `folder` that maps each of `words` to a fixed random direction, and a text to
    the mean of its words."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace

    known = {word: number for number, word in enumerate(("[UNK]", *words))}
    tokenizer = Tokenizer(WordLevel(known, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.random.default_rng(0).standard_normal((len(known), DIMENSIONS))
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights.astype(np.float32))
    model = SentenceTransformer(modules=[embedding], device="cpu")
    model.save_pretrained(str(folder), create_model_card=False)
