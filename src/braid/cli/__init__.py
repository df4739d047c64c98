"""The same verbs from a shell."""
