"""What is above somebody's limit: asked for, withdrawn, decided on by another."""
