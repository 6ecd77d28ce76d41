"""Another system, from its staged rows to what it is here: decided, previewed, booked, compared and switched over."""
