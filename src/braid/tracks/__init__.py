"""Tracks: where a thing is between its key frames, and edits of key frames. Rules K1-K14 of docs/spec/tracks.md."""
