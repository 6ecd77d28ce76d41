"""Demo data: two thousand clients and eighteen months of their billing, made by the product's own services."""
