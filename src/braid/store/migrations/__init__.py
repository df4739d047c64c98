"""Schema migrations, shipped with the package; `braid.store.schema` runs them."""
