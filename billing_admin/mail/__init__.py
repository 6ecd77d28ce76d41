"""Mail: which server, what a letter looks like, and what became of one. Nothing here knows an invoice or a client.

Modules are imported by their own names, so that settings.py, which asks for the server alone, loads nothing else.
"""
