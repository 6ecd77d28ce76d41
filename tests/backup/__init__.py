"""Backups: written, restored, tried out, and the log that leads to a point in time."""
