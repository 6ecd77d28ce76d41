"""Credit for many clients at once: a file is looked at row by row, then booked whole, and can be taken back."""
