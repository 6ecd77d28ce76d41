"""What stands on every page about one client."""

from typing import Any

from django import template
from django.template.context import Context

from clients.models import Client
from clients.selectors.notes import pinned_notes

register = template.Library()

# A client with more of them pins too much to be read on each page; the Notes tab has them all.
MOST_PINNED = 5


@register.inclusion_tag("clients/_pinned_notes.html", takes_context=True)
def show_pinned_notes(context: Context, client: Client) -> dict[str, Any]:
    """`{% show_pinned_notes client %}`: the pinned notes, each with who wrote it and when."""
    notes = list(pinned_notes(client)[: MOST_PINNED + 1])
    return {"client": client, "pinned": notes, "most": MOST_PINNED, "perms": context.get("perms")}
