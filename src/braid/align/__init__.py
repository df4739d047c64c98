"""Clock estimation: how one stream's media time runs against another's. Pure functions over numbers."""
