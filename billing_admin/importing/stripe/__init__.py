"""Stripe, from the CSV files that its dashboard and its reports export."""
