"""What the database side shares: locks, triggers, SQL functions, pagination."""
