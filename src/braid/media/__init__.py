"""Probing and deriving: frame tables, peaks, point tiles, thumbnails, proxies."""
