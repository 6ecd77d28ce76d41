"""What staff do with a client's account."""
