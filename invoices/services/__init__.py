"""Drafting, issuing and generating invoices."""
