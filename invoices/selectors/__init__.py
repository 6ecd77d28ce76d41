"""What the screens of invoices show."""
