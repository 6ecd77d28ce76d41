"""What another system has, brought in: asked about, judged, booked in batches, compared."""
