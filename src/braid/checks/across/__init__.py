"""Checks that look at links and entities across modalities."""
