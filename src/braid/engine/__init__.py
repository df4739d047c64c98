"""Where checks and derivations run."""
