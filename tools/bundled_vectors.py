"""Write the vectors of the bundled texts, and the token vectors of the bundled excerpts, into
`index/storage`.

python -m tools.bundled_vectors
"""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from index.embedding.embedder import Embedder, SentenceEmbedder, embed_documents
from index.embedding.weights import DEFAULT_MODEL
from index.entry import passages_of
from index.excerpts import excerpts_of
from index.sources.loader import read_sources
from index.statistics.landmarks import landmark_texts
from index.storage import bundled_tokens, bundled_vectors
from index.storage.bundled_tokens import text_digest
from index.storage.token_vectors import ENCODERS, excerpt_tokens


def bundled_texts() -> dict[str, str]:
    """Return the texts to embed for the bundled encyclopedia, by digest: passages and
    landmarks."""
    texts = {
        passage.digest: passage.embedded
        for entry in read_sources().entries
        for passage in passages_of(entry)
    }
    return texts | {one.digest: one.text for one in landmark_texts()}


def write(folder: Path, embedder: Embedder) -> None:
    """Embed the bundled texts and write their vectors into `folder`."""
    texts = bundled_texts()
    vectors = embed_documents(embedder, list(texts.values()))
    digests = np.frombuffer(b"".join(map(bytes.fromhex, texts)), dtype=np.uint8)
    np.savez_compressed(
        folder / bundled_vectors.FILE,
        space=np.array(embedder.fingerprint.key),
        digests=digests.reshape(len(texts), -1),
        vectors=vectors.astype(np.float16),
    )


def write_tokens(folder: Path) -> None:
    """Encode the bundled excerpts and write their token vectors into `folder`."""
    entries = read_sources().entries
    texts = list(dict.fromkeys(one.read for entry in entries for one in excerpts_of(entry)))
    with ThreadPoolExecutor(ENCODERS) as pool:
        tokens = list(pool.map(excerpt_tokens, texts))
    digests = np.frombuffer(b"".join(map(text_digest, texts)), dtype=np.uint8)
    np.savez(
        folder / bundled_tokens.FILE,
        digests=digests.reshape(len(texts), -1),
        counts=np.array(list(map(len, tokens)), dtype=np.int64),
        tokens=np.concatenate(tokens),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as models:
        write(Path(bundled_vectors.__file__).parent, SentenceEmbedder(DEFAULT_MODEL, Path(models)))
        write_tokens(Path(bundled_tokens.__file__).parent)
