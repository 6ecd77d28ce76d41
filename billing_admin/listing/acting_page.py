"""The popup in which many rows of a list are looked at and acted on."""

from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from billing_admin.errors import BusinessError
from billing_admin.listing.acting import MOST_AT_ONCE, RowsAction, act_on_rows, preview
from billing_admin.text import pluralize
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.lists import Listing

NOTHING_CHOSEN = "Nothing was chosen. Tick rows of the list, or all that are listed."

# So many rows of a preview are named.
SHOWN = 20


def act_on(
    request: HttpRequest, action: RowsAction[Any], listing: Listing[Any], list_url: str, form: Form | None = None
) -> HttpResponseBase:
    """Show what would be done to the rows that the address names; POST does what was shown.

    A `form` asks what the action needs to know besides.
    """
    kept = urlencode(listing.carried)
    back = f"{list_url}?{kept}" if kept else list_url
    context: dict[str, Any] = {"action": action, "shown": SHOWN, "form": form}
    title = action.title
    try:
        if request.method == "POST" and (form is None or form.is_valid()):
            acted = act_on_rows(action, request.POST.get("chosen", ""), by=staff(request))
            said = f"{pluralize(acted.count, action.noun, action.nouns)} {action.done}"
            if not acted.left_out:
                return leave_for(request, back, message=f"{said}.")
            context |= {"said": said, "left_out": acted.left_out, "is_done": True, "form": None}
            title = f"{said}, {len(acted.left_out):,} left out"
        else:
            chosen = listing.chosen(at_most=MOST_AT_ONCE + 1)
            looked_at = preview(action, chosen, by=staff(request))
            context |= {"rows": [action.describe(row) for row in looked_at.rows], "left_out": looked_at.left_out}
            context |= {"signed": looked_at.signed, "nothing": "" if chosen else NOTHING_CHOSEN}
    except BusinessError as error:
        context["nothing"] = str(error)
    return render_popup(request, "lists/act.html", context, title=title, close_url=back)
