"""People of the staff and their roles."""
