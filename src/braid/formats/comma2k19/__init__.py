"""comma2k19 segments: arrays of one minute of driving on a phone's boot clock, tied to UTC by the GPS time of its frames."""

from braid.formats.comma2k19.reader import Comma2k19

__all__ = ["Comma2k19"]
