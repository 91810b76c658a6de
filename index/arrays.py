"""Load arrays from files."""

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexCorrupted


def load_arrays(file: Path, *names: str) -> list[NDArray[Any]]:
    """Load the arrays called `names`, in this order, from a file written by `numpy.savez`.

    Raises `IndexCorrupted` when the file or an array cannot be read.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return [arrays[name] for name in names]
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise IndexCorrupted(f"{file} cannot be read ({type(error).__name__}).") from error
