"""What a worker of the queue does for lists."""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from billing_admin.csv_files.imports import Progress
from billing_admin.db.positions import counted
from billing_admin.errors import BusinessError
from billing_admin.jobs.tasks import Outcome, job_handler
from billing_admin.listing.files import sheet_of
from billing_admin.listing.queued import ACT_ON_ROWS, act_on_all
from billing_admin.listing.sheets import MAKE_SHEET, begin_sheet, keep_sheet, may_have_sheet
from billing_admin.models import Job
from billing_admin.text import pluralize
from billing_admin.web.lists import Listing
from clients.models import Client


@job_handler(MAKE_SHEET)
def make_sheet(job: Job, progress: Progress) -> Outcome:
    """Make the file of a list for a spreadsheet, with what the person who asked may see."""
    if job.asked_by is None:
        raise BusinessError("Who asked for this file is no longer there.")
    begin_sheet()
    asked = job.arguments
    client = Client.objects.get(pk=asked["client"]) if asked["client"] else None
    listing = Listing.named[asked["list"]](job.asked_by, QueryDict(asked["query"]), client)
    if not may_have_sheet(job):
        raise BusinessError("Who asked for this file may no longer see what is in it.")
    total = counted(listing.in_file.values_list("pk"), 10**9) or 0

    def told(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        for done, row in enumerate(rows):
            if not done % 1_000:
                progress("Writing rows", done, total)
            yield row

    with sheet_of(listing, told) as file:
        keep_sheet(job, file.read())
    return Outcome(f"{pluralize(total, listing.noun, listing.nouns)} are ready to be saved.")


@job_handler(ACT_ON_ROWS, in_parts=True)
def act_on_rows(job: Job, progress: Progress) -> Outcome:
    """Do to many rows what was previewed."""
    return act_on_all(job, progress)
