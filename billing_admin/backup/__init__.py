"""Backups of the whole database: written of one moment, restored whole or not at all, and tried out."""
