"""Bringing in the payments of a bank's or gateway's export."""
