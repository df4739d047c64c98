"""The commands, by topic. Each module's `register` adds its own to the app."""
