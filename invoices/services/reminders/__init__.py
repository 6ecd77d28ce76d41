"""Reminders of invoices that are not paid.

`levels.py` says when they go out and what they cost, `holds.py` stops them for an invoice, `send.py` puts those that
are due into the outbox, and `fees.py` books what one costs when it goes out, and takes that back.
"""
