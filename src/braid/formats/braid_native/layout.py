"""File names and the version of the native export, and the values of its two JSON files."""

from __future__ import annotations

import msgspec

from braid.model.records import Layer, Ontology, Project

FORMAT = "braid"
VERSION = 1
PROJECT = "project.json"
SAMPLES = "samples.ndjson"
HISTORY = "history.ndjson"
MANIFEST = "manifest.json"
ASSETS = "assets"
LINE_LIMIT = 64 * 2**20
"""Largest line (one record, one commit) in bytes."""


class ProjectFile(msgspec.Struct, frozen=True, kw_only=True):
    """project.json."""

    format: str
    version: int
    project: Project
    ontology: Ontology
    layers: tuple[Layer, ...]


class FileEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the manifest."""

    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """manifest.json: every file but itself, by relative name."""

    format: str
    version: int
    files: dict[str, FileEntry]
