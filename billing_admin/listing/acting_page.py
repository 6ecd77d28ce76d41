"""The popup in which many rows of a list are looked at and acted on."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.listing.acting import MOST, ROWS_ACTIONS, AsFile, RowsAction, act_on_rows, looked_at, preview, signed
from billing_admin.listing.queued import Asked, enqueue_rows
from billing_admin.rights import missing_rights
from billing_admin.text import pluralize
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.limits import takes_long
from billing_admin.web.lists import SAVE, Listing
from billing_admin.web.needs import ask_to_confirm, looks_itself

NOTHING_CHOSEN = "Nothing was chosen. Tick rows of the list, or all that are listed."
NONE_LEFT = "What was chosen is no longer there; nothing was done."
MOVED = "What is chosen is no longer what this page showed. Nothing was done; look at it again."


@require_http_methods(["GET", "HEAD", "POST"])
@looks_itself("what the list and the action need")
@takes_long
def act(request: HttpRequest, listed: str, doing: str, client: Any = None, changed: str = "") -> HttpResponseBase:
    """Show what would be done to the rows that the address names, of a client where one is given; POST does it.

    Where something about the client has `changed`, it is shown again instead.
    """
    found = list_of(request, listed, of_client=client is not None)
    listing = found.asked_for(request, client)
    page = reverse(found.page_of_client, args=[client.number]) if client else reverse(found.page_name)
    kept = urlencode(listing.carried)
    back = f"{page}?{kept}" if kept else page
    if doing == "export" or (doing == "documents" and listing.has_documents):
        if not listing.may(SAVE):
            raise PermissionDenied(missing_rights([SAVE]))
        rows = request.GET.urlencode() if listing.of_ticked else kept
        context = {"url": f"{page}?{rows}", "nothing": "" if listing.chosen(at_most=1) else NOTHING_CHOSEN}
        context["doing"], title = doing, f"Export {listing.label}" if doing == "export" else "Save Documents"
        return render_popup(request, "lists/export.html", context, title=title, close_url=back)
    if f"{listed}.{doing}" not in ROWS_ACTIONS:
        raise Http404(f"Nothing is called {doing}.")
    make, form_class = ROWS_ACTIONS[f"{listed}.{doing}"]
    form = form_class(request.POST if request.method == "POST" else None, client=client) if form_class else None
    if form is not None and changed and form.is_bound:
        form.add_error(None, changed)
    is_sent = request.method == "POST" and (form is None or form.is_valid())
    typed = form.typed if form is not None and is_sent else {}
    action = make(client.pk if client else None, **typed)
    if lacking := [right for right in action.permissions if not staff(request).has_perm(right)]:
        raise PermissionDenied(missing_rights(lacking))
    if is_sent and action.fresh and (asked := ask_to_confirm(request)):
        return asked
    answer = Answer(request, action, listing, back)
    if is_sent and "file" in request.POST:
        return answer.saved(form)
    return answer.acted(typed, form) if is_sent else answer.shown(form)


def list_of(request: HttpRequest, listed: str, *, of_client: bool) -> type[Listing[Any]]:
    """The list of this name, which has a page, for who may see it."""
    found = Listing.named.get(listed)
    if found is None or not (found.page_of_client if of_client else found.page_name):
        raise Http404(f"There is no list {listed}.")
    if not request.user.has_perm(found.permission):
        raise PermissionDenied(missing_rights([found.permission]))
    return found


class Answer:
    """What is answered to somebody who acts on rows of a list."""

    def __init__(self, request: HttpRequest, action: RowsAction[Any], listing: Listing[Any], back: str) -> None:
        self.request, self.action, self.listing, self.back = request, action, listing, back
        self.by = staff(request)
        self.context: dict[str, Any] = {"action": action}

    def shown(self, form: Any = None, said: str = "") -> HttpResponseBase:
        """What would be done, as it stands."""
        try:
            chosen = self.listing.chosen(at_most=MOST + 1)
            found = preview(self.action, chosen)
        except BusinessError as error:
            return self._popup(self.action.title, nothing=str(error))
        asked = self.listing.of_ticked or "all" in self.listing.parameters
        return self._popup(
            self.action.title,
            nothing=said or ("" if found.marks else NONE_LEFT if asked else NOTHING_CHOSEN),
            rows=[self.action.describe(row) for row in found.rows],
            how_many=pluralize(len(found.going), self.action.noun, self.action.nouns),
            more=len(found.going) - len(found.rows),
            effects=self.action.effects(list(found.going)) if found.going else (),
            left_out=found.left_out,
            more_left_out=found.more_left_out,
            signed=signed(self.action, found, by=self.by),
            queued=found.is_for_a_worker,
            form=form,
            as_file=self._as_file,
        )

    def saved(self, form: Any) -> HttpResponseBase:
        """Have a worker make a file of what was chosen; the page of the list says how that stands."""
        if (as_file := self._as_file) is None:
            if self.action.as_file is None:
                raise PermissionDenied
            lacking = [right for right in self.action.as_file.permissions if not self.by.has_perm(right)]
            raise PermissionDenied(missing_rights(lacking))
        try:
            job = as_file.ask(self.listing, self.by)
        except BusinessError as error:
            return self.shown(form, str(error))
        return leave_for(self.request, f"{self.back}{'&' if '?' in self.back else '?'}job={job.pk}")

    @property
    def _as_file(self) -> AsFile | None:
        offered = self.action.as_file
        return offered if offered and self.by.has_perms(offered.permissions) else None

    def acted(self, typed: dict[str, Any], form: Any) -> HttpResponseBase:
        """Do it, or have a queue worker do it, as it was looked at."""
        try:
            seen = looked_at(self.action, self.request.POST.get("chosen", ""), by=self.by)
            if isinstance(seen, str):
                client = self.listing.client.pk if self.listing.client else None
                asked = Asked(self.action, client, typed, seen, self.by)
                if (job := asked.job) is None:
                    found = preview(self.action, self.listing.chosen(at_most=MOST + 1))
                    if found.seen != seen:
                        return self.shown(form, MOVED)
                    job = enqueue_rows(asked, found)
                return leave_for(self.request, reverse("acted", args=[job.pk]))
            acted = act_on_rows(self.action, seen, by=self.by)
        except BusinessError as error:
            return self._popup(self.action.title, nothing=str(error))
        said = f"{pluralize(acted.count, self.action.noun, self.action.nouns)} {self.action.done}"
        if not acted.left_out:
            return leave_for(self.request, self.back, message=acted.words or f"{said}.")
        title = f"{said}, {len(acted.left_out):,} left out"
        return self._popup(title, said=acted.words, left_out=acted.left_out, is_done=True)

    def _popup(self, title: str, **context: Any) -> HttpResponseBase:
        context = self.context | context
        return render_popup(self.request, "lists/act.html", context, title=title, close_url=self.back)
