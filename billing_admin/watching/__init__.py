"""The metrics: what the web processes counted, and what the database says of work, mail, money and runs."""
