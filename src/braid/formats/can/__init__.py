"""CAN bus logs: one reader a log kind gives frames, a DBC reader of our own decodes them, `reader` makes samples."""

from braid.formats.can.reader import Can

__all__ = ["Can"]
