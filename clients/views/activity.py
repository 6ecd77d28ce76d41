"""The Activity page, the Activity tab of a client, and what a row of either holds."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.db.pagination import paginate
from billing_admin.listing.pages import show_list
from billing_admin.rights import missing_rights
from billing_admin.web.http import render_popup, staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.lists import ActivityList
from clients.models import Client
from clients.models.activity_words import words_of
from clients.selectors.activity import activity_shown, deleted_numbers, from_where
from clients.selectors.activity_details import changes_of, facts_of
from clients.selectors.imported_events import imported_events_of
from clients.selectors.summary import with_former_owners
from clients.services.account_activity import look_at_activity
from credits.selectors.balances import balances_of

SEES_ALL = "clients.view_activity"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEES_ALL, to_send="clients.save_lists")
@takes_long
def activity(request: HttpRequest) -> HttpResponseBase:
    """Who did what, newest first, and that somebody looks at it; POST saves it as a file."""
    if request.method == "GET":
        look_at_activity(by=staff(request))
    return show_list(request, "activity.html", ActivityList.asked_for(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client", to_send="clients.save_lists")
@client_from_url
def activity_of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """What was done to a client, newest first; POST saves it as a file."""
    listing = ActivityList.asked_for(request, client)
    if request.method != "POST":
        with_former_owners(listing.page.rows)
    return show_list(
        request,
        "clients/activity.html",
        listing,
        balances=balances_of(client),
        has_history=imported_events_of(client, staff(request)).exists(),
    )


@require_safe
@needs("clients.view_client")
@client_from_url
def imported_history(request: HttpRequest, client: Client) -> HttpResponse:
    """What came of the log and the mail of another system, the latest first."""
    page = paginate(
        imported_events_of(client, staff(request)), request.GET, sorts={"id": "id"}, default="-id",
        noun="entry", nouns="entries",
    )  # fmt: skip
    context = {"client": client, "page": page, "balances": balances_of(client)}
    return render(request, "clients/imported_history.html", context)


@require_safe
@needs("clients.view_client")
def activity_row(request: HttpRequest, activity_pk: int) -> HttpResponse:
    """One activity with all that it holds. From where it came is for those alone who see all activity.

    So is what is about no client.
    """
    person = staff(request)
    row, sees_all = activity_shown(person, activity_pk), person.has_perm(SEES_ALL)
    if not row.client and not sees_all:
        raise PermissionDenied(missing_rights([SEES_ALL]))
    if sees_all and request.method == "GET":
        look_at_activity(by=person)
    with_former_owners([row])
    context: dict[str, Any] = {
        "row": row,
        "action": words_of(row.verb),
        "deleted_number": deleted_numbers([row]).get(row.client_id or 0),
        "changes": changes_of(row.verb, row.data),
        "facts": facts_of(row.verb, row.data),
        "source": (row.source or {}) if sees_all else None,
        "place": from_where(row.source),
    }
    back = reverse("activity") if sees_all else reverse("clients:activity", args=[row.client.number])  # type: ignore[union-attr]
    return render_popup(request, "activity_row.html", context, title=context["action"], close_url=back, wide=True)
