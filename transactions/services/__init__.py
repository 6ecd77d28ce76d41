"""Booking money in and out."""
