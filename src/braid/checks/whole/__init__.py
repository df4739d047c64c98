"""Checks that look at the sample as a whole."""
