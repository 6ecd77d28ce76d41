"""CSV files: reading rows and values and importing them whole or not at all; writing what spreadsheets do not run."""
