"""Deleting clients: everything about them goes but their transactions."""
