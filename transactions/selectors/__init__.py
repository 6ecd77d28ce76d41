"""What the screens of transactions show."""
