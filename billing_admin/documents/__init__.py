"""Documents: a template and texts in, a PDF, its XML or a picture out. Nothing here knows an invoice or a client."""
