"""What the screens of credits show."""
