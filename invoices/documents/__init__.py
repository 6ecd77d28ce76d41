"""What an issued document says, on paper and for a machine. Only reads."""
