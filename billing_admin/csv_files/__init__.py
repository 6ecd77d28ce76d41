"""CSV files that staff bring in: reading rows and values, and importing them whole or not at all."""
