"""The verbs: import, annotate, link, check, export."""
