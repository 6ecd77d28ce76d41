"""The people who work with the product, and what they may do."""
