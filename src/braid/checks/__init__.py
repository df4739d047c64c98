"""Quality rules: pure functions from tables of samples to findings."""
