"""What the client screens show."""
