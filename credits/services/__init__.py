"""Moving credit: giving, applying, adjusting. Only `ledger` inserts entries."""
