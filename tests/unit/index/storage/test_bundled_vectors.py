"""The vectors bundled with the encyclopedia are those of its texts."""

import numpy as np
import pytest

from index.embedding.embedder import SentenceEmbedder, embed_documents
from index.storage.bundled_vectors import bundled_vectors
from tools.bundled_vectors import bundled_texts


@pytest.mark.model
def test_every_bundled_text_has_a_correct_vector(real_embedder: SentenceEmbedder) -> None:
    texts = bundled_texts()
    shipped = bundled_vectors(real_embedder.fingerprint.key, texts)
    missing = [texts[digest] for digest in texts if digest not in shipped]
    assert not missing, f"Write the vectors again: make vectors ({len(missing)} are missing)"
    some = sorted(texts)[::400]
    again = embed_documents(real_embedder, [texts[digest] for digest in some])
    there = np.stack([shipped[digest] for digest in some])
    assert (there * again).sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(there, axis=1) == pytest.approx(1, abs=1e-5)


def test_another_model_gets_no_bundled_vectors() -> None:
    assert bundled_vectors("another space", list(bundled_texts())[:3]) == {}
