"""Sample projects made by code: a picture with captions, a driving moment, a conversation."""

from braid.demo.build import build

__all__ = ["build"]
