"""Statements of banks that are no tables: CAMT.053, MT940, OFX."""
