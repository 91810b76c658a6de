"""Stores that can build a damaged generation again, as those of an installation can."""

from __future__ import annotations

from functools import partial

from index.build.recovery import restore
from index.storage import Store

open_store = partial(Store, restore=restore)
