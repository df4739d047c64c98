"""The database (SQLite, PostgreSQL) behind one seam, and blobs."""
