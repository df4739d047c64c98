"""Change sets, commits, suspects and the Merkle log, as pure functions."""
