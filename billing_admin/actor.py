"""Who does something."""

from django.contrib.auth.models import User

type Actor = User | None
"""The person who acts; None is the system: a command without `--as`, a signal, a job that nobody asked for."""
