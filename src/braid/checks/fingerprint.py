"""Fingerprints of findings (law C3): what a finding is about, never how large the deviation is."""

from __future__ import annotations

from collections.abc import Iterable

from braid.base.hashing import REVISION_HEX, sha256_hex


def fingerprint(check: str, sample: str, culprits: Iterable[tuple[str, str]], facet: str = "") -> str:
    """32 hex digits from the check, the sample, the culprits as (kind, id) in any order, and the facet.

    The facet tells apart what one check finds about the same records (an attribute, a side of a link). Numbers,
    messages and revisions stay out, so that the finding survives re-runs and edits that do not cure it.
    """
    lines = [check, sample, facet, *sorted(f"{kind}:{identifier}" for kind, identifier in culprits)]
    return sha256_hex("\n".join(lines).encode())[:REVISION_HEX]
