"""Merging two clients into one, and undoing it."""
