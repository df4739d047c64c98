"""Sample projects made by code."""
