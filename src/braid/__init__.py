"""Braid: annotation of multimodal samples in which the relations between modalities are first-class."""

__version__ = "0.1.0"
