"""Stores that can rebuild a damaged generation, as in an installation."""

from functools import partial

from index.build.recovery import restore
from index.storage import Store

open_store = partial(Store, restore=restore)
