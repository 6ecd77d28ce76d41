"""Asking before something that cannot be taken back."""

from django.core.management.base import CommandError


def confirm(question: str, answer: str) -> None:
    """Go on only where `answer` is typed; anything else ends the command with nothing changed."""
    try:
        typed = input(f"{question} Type {answer} to go on: ")
    except EOFError:
        typed = ""
    if typed.strip() != answer:
        raise CommandError(f"“{typed.strip()}” is not {answer}. Nothing was changed; type it, or add --no-input.")
