"""Tracks: key frames at times, and what stands between them (rules K of docs/spec/tracks.md)."""
