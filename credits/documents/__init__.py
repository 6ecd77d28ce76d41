"""What a client is sent about credit. Only reads."""
