"""The Ledger Check page: when all sums were last recomputed, and what was found."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.counting import counted
from credits.selectors.checks import findings_of, latest_checks
from credits.services.checking import INVARIANTS, check_ledger


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("credits.view_credit", raise_exception=True)
def checks(request: HttpRequest) -> HttpResponseBase:
    """The last checks, and the findings of one of them (`?check=`, else the last); POST checks now."""
    if request.method == "POST":
        if not request.user.has_perm("credits.check_ledger"):
            raise PermissionDenied("This needs the right “Check the ledger”.")
        check = check_ledger()
        if check.finding_count:
            found = counted(check.finding_count, "discrepancy", "discrepancies")
            messages.error(request, f"{found} found. Nothing was changed.")
        else:
            messages.success(request, f"The ledger is in order: {len(INVARIANTS)} rules checked, nothing found.")
        return HttpResponseRedirect(reverse("credits:checks"))
    latest = list(latest_checks())
    asked = request.GET.get("check", "")
    shown = next((check for check in latest if str(check.pk) == asked), latest[0] if latest else None)
    context = {
        "checks": latest,
        "shown": shown,
        "findings": list(findings_of(shown)) if shown and shown.finding_count else [],
        "rules": INVARIANTS,
    }
    return render(request, "credits/checks.html", context)
