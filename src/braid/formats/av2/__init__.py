"""Argoverse 2 sensor logs."""

from braid.formats.av2.reader import Av2

__all__ = ["Av2"]
