"""Praat TextGrids: `document` parses the text layouts, `reader` makes records and files."""

from braid.formats.textgrid.reader import Textgrid

__all__ = ["Textgrid"]
