"""FOSSBilling, from its database."""
