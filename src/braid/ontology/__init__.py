"""The taxonomy: validation, YAML, templates, impact."""
