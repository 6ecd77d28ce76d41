"""Take back a booked file: a popup that says what goes and what stays, then a worker does it."""

from http import HTTPStatus

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import address_of
from billing_admin.listing.acting import MOST_AT_ONCE
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from transactions.forms import TakeBackForm
from transactions.models import PaymentBatch
from transactions.selectors.deletion import batch_deletion
from transactions.services.delete import DeletionMoved
from transactions.services.importing.take_back import take_back_file
from transactions.tasks import TAKE_BACK_FILE


@require_http_methods(["GET", "HEAD", "POST"])
@needs("transactions.delete_transaction", fresh=True)
def take_back(request: HttpRequest, batch_pk: int) -> HttpResponseBase:
    """Delete the payments of a file as far as nothing depends on them."""
    batch = PaymentBatch.objects.filter(pk=batch_pk).first()
    if batch is None:
        raise Http404("There is no such file.")
    url = reverse("transactions:import")
    looked_at = batch_deletion(batch)
    form = TakeBackForm(request.POST or None, seen=looked_at.seen)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            if len(looked_at.rows) > MOST_AT_ONCE:
                job = enqueue_job(kind=TAKE_BACK_FILE, by=staff(request), batch=batch.pk, seen=seen)
                return leave_for(request, address_of(url, job))
            done = take_back_file(batch=batch, by=staff(request), seen=seen)
        except BusinessError as error:
            add_error(form, error)
            if isinstance(error, DeletionMoved):
                form.look_again(looked_at.seen)
        else:
            return leave_for(request, url, message=done.words)
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    context = {"form": form, "batch": batch, "looked_at": looked_at}
    return render_popup(
        request, "transactions/take_back.html", context, title="Take this file back?", close_url=url, status=status
    )
