"""Ground: ids, canonical JSON, hashing, errors. Knows no word of the field."""
