"""Reminders: which are due, how they are set, and what stops those of an invoice."""

from collections import Counter
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.listing.pages import show_list
from billing_admin.seen import ChangedMeanwhile
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.models import FormKey, MailSettings
from clients.models.mail.kinds import MailKind
from invoices.forms.reminders import HoldForm, ReminderLevelsForm
from invoices.lists import ReminderList
from invoices.models import ReminderHold, ReminderLevel
from invoices.selectors.detail import invoice_shown
from invoices.selectors.reminders import LeftOut, Part, reminders_in_parts
from invoices.services.reminders.holds import hold_reminders, lift_hold, why_not_held
from invoices.services.reminders.levels import save_reminder_levels
from invoices.services.reminders.send import why_no_reminders

_CHANGED = ("invoicesChanged",)
_may_hold = needs("invoices.view_invoice", "invoices.add_reminderhold")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="clients.save_lists")
def due(request: HttpRequest) -> HttpResponseBase:
    """Which reminders would go out today, and how many invoices are left out and why; POST: their file."""
    today = timezone.localdate()
    parts, left_out = reminders_in_parts(today)
    context = {
        "levels": _by_level(parts),
        "left_out": [(reason, left_out[reason]) for reason in LeftOut if left_out[reason]],
        "why_not": why_no_reminders(today),
    }
    return show_list(request, "invoices/reminders_due.html", ReminderList.asked_for(request), **context)


def _by_level(parts: list[Part]) -> list[tuple[int, int]]:
    """How many are due of each level, whatever their currency."""
    numbers = Counter[int]()
    for part in parts:
        numbers[part.level] += part.number
    return sorted(numbers.items())


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.change_reminderlevel")
def levels(request: HttpRequest) -> HttpResponseBase:
    """When reminders go out, what they cost, and who gets none."""
    in_force = ReminderLevel.objects.prefetch_related("exempt_groups").in_force()
    form = ReminderLevelsForm(request.POST if request.method == "POST" else None, levels=in_force)
    if form.is_bound and form.is_valid():
        try:
            save_reminder_levels(levels=form.terms, by=staff(request), seen=form.cleaned_data["seen"])
        except ChangedMeanwhile as error:
            form.refuse(error)
        except BusinessError as error:
            if error.field:
                form.refuse(error)
            else:
                messages.warning(request, str(error))
                return HttpResponseRedirect(reverse("invoices:reminder_levels"))
        else:
            messages.success(request, "Reminders go out like this from now on.")
            return HttpResponseRedirect(reverse("invoices:reminder_levels"))
    current = MailSettings.objects.current()
    context = {"form": form, "current": current, "is_on": current.sends(MailKind.REMINDER)}
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "invoices/reminder_levels.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_hold
def announce(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The client said that it will be paid."""
    return _hold(request, pk, ReminderHold.Kind.ANNOUNCED, "Payment Announced")


@require_http_methods(["GET", "HEAD", "POST"])
@_may_hold
def dispute(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The client says that it is not owed."""
    return _hold(request, pk, ReminderHold.Kind.DISPUTED, "Disputed")


def _hold(request: HttpRequest, pk: int, kind: ReminderHold.Kind, title: str) -> HttpResponseBase:
    invoice = invoice_shown(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    form = HoldForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_bound and form.is_valid():
        key = FormKey(key=form.cleaned_data.pop("key"))
        try:
            hold_reminders(invoice=invoice, kind=kind, by=staff(request), key=key, **form.cleaned_data)
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, events=_CHANGED, fallback_url=url)
            said = f"{invoice.label} is marked as {kind.label}. No reminder of it goes out."
            return dialog_saved(request, message=said, events=_CHANGED, fallback_url=url)
    context = {"form": form, "invoice": invoice, "kind": kind, "why_not": why_not_held(invoice)}
    title = f"{title} – {invoice.label}"
    return render_popup(request, "invoices/hold.html", context, title=title, close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_hold
def lift(request: HttpRequest, hold_pk: int) -> HttpResponseBase:
    """Take a mark away, so that reminders go out again."""
    hold = ReminderHold.objects.select_related("invoice", "client").filter(pk=hold_pk).first()
    if hold is None:
        raise Http404("There is no such mark of an invoice.")
    url, problem = reverse("invoices:detail", args=[hold.invoice_id]), ""
    if request.method == "POST":
        try:
            lift_hold(hold=hold, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            said = f"{hold.invoice.label} is no longer marked as {hold}."
            return dialog_saved(request, message=said, events=_CHANGED, fallback_url=url)
    context = {"hold": hold, "problem": problem}
    return render_popup(request, "invoices/lift_hold.html", context, title=f"Lift “{hold}”?", close_url=url)
