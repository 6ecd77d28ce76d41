"""Clients out of files: Billing Admin’s own format, and the exports of other systems as a mapping reads them."""
