"""What lists need pages of their own for."""

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from billing_admin.listing.files import XLSX
from billing_admin.models import SavedFile
from billing_admin.web.http import staff


@require_safe
def saved_file(request: HttpRequest, job_pk: int) -> HttpResponseBase:
    """A file that a worker made: for who asked for it, and for nobody else."""
    file = SavedFile.objects.filter(job=job_pk, job__asked_by=staff(request), content__isnull=False).first()
    if file is None:
        raise Http404("There is no such file; one is kept for a day.")
    return FileResponse(BytesIO(file.content or b""), filename=file.name, as_attachment=True, content_type=XLSX)
