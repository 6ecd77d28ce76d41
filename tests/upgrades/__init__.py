"""Databases of released versions, and what the present version makes of them.

`0.1.0.sql` is kept as that version made it; `make_dump.py` is how. A release adds a dump of its own.
"""
