"""What a client is sent that is of the client as a whole. Only reads."""
