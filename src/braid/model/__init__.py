"""The nouns as frozen values: one declaration serves storage, wire and OpenAPI."""
