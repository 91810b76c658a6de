"""Open stores that can rebuild a damaged generation, as an installation does."""

from functools import partial

from index.indexing.recovery import restore
from index.indexing.views import open_view
from index.storage import Store

open_store = partial(Store, restore=restore, derive=open_view)
