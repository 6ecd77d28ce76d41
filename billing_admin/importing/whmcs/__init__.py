"""WHMCS 7 and 8, read from its database. What is known of it stands in documentation and dumps of its schema."""
