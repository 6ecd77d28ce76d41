"""Reading the exports of Stripe."""

from pathlib import Path

from django.contrib.auth.models import User

from billing_admin.csv_files.imports import Progress
from billing_admin.importing.opening import open_import
from billing_admin.importing.staging import stage
from billing_admin.models import SystemImport

from .reader import StripeReader


def read_stripe(
    *, source: str, by: User | None, customers: Path, invoices: Path | None = None, balance: Path | None = None,
    progress: Progress,
) -> SystemImport:  # fmt: skip
    """Read all of them into staged rows of an import that it begins.

    Raises BusinessError; then nothing of it is staged.
    """
    progress("Looking through the files", 0, 0)
    reader = StripeReader({"customers": customers, "invoices": invoices, "balance": balance})
    run = open_import(system=SystemImport.System.STRIPE, source=source, by=by)
    return stage(run, reader, progress)
