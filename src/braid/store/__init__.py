"""The database and the blobs: `open_store` and `LocalBlobs` are the ways in; `port` is the seam."""

from braid.store.blobs import LocalBlobs
from braid.store.opening import open_store
from braid.store.port import Admit, Store

__all__ = ["Admit", "LocalBlobs", "Store", "open_store"]
