"""A file that was uploaded waits for its preview to be looked at; then it is booked or discarded."""

from contextlib import suppress
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.csv_files.decoding import readable
from billing_admin.csv_files.open_questions import NeedsAnswer
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.text import Names
from transactions.models import PaymentFile, PaymentFileMapping, PaymentMethod

from .book import PaymentImport, import_payments
from .formats.ready import ready_format
from .read import OWN_FORMAT, answered
from .read_file import read_file
from .readers.statements import STATEMENTS, statement_of
from .recognise import Recognised, format_with_code, recognise

# An upload that nobody booked goes when the next one comes: it holds names that nobody needs any more.
KEPT = timedelta(days=7)

# Larger ones are for the command line, which need not wait for a browser.
LARGEST = 2_500_000
TOO_LARGE = "Divide it, or have it brought in on the server, which takes more (import_payments)."


@db_transaction.atomic
def keep_upload(
    *,
    name: str,
    content: bytes,
    mapping: PaymentFileMapping | None,
    by: User,
    payment_method: PaymentMethod | None = None,
    date_order: str = "",
    decimal_sign: str = "",
) -> PaymentFile:
    """Keep a file until it is booked or discarded, a week at most. One that cannot be read is refused here.

    Without a format it is recognised by what is in it. One that can be read in two ways is kept, and its preview asks.
    What waits already, sent once more by the same person, is that file and no second one.
    """
    if len(content) > LARGEST:
        raise BusinessError(f"{name} is larger than {LARGEST:,} bytes, which is what the page takes. {TOO_LARGE}")
    PaymentFile.objects.filter(uploaded_at__lt=timezone.now() - KEPT).delete()
    recognised = Recognised(mapping) if mapping else recognise(name, content)
    what = {
        "name": name[:255],
        "content": content,
        "mapping": recognised.mapping if recognised.mapping.pk else None,
        "ready_format": recognised.ready_format,
        "uploaded_by": by,
    }
    lock_key(f"file {sha256(content).hexdigest()}")
    if (waiting := PaymentFile.objects.filter(**what).first()) is not None:
        return waiting
    upload = PaymentFile(**what, payment_method=payment_method, date_order=date_order, decimal_sign=decimal_sign)
    with suppress(NeedsAnswer):
        read_file(upload.name, content, format_of(upload))
    upload.save()
    return upload


@db_transaction.atomic
def answer_upload(*, upload: PaymentFile, question: str, answer: str) -> None:
    """Keep what was answered about an uploaded file."""
    upload = _locked(upload)
    setattr(upload, "payment_method_id" if question == "payment_method" else question, answer)
    upload.save(update_fields=[question])


def format_of(upload: PaymentFile) -> PaymentFileMapping:
    """How an uploaded file is read, with what was answered about it."""
    return answered(
        upload.mapping or format_with_code(upload.ready_format) or OWN_FORMAT,
        method=upload.payment_method,
        currency=upload.currency,
        date_order=upload.date_order,
        decimal_sign=upload.decimal_sign,
    )


def name_of_format(upload: PaymentFile) -> str:
    """What the format of an uploaded file is called."""
    known = upload.mapping or STATEMENTS.get(upload.ready_format) or ready_format(upload.ready_format)
    return known.name if known else f"{OWN_FORMAT.name}’s own"


@db_transaction.atomic
def book_upload(
    *, upload: PaymentFile, by: User, skip_bad: bool = False, accept_similar: bool = False, seen: str | None = None
) -> PaymentImport:
    """Book the payments of an uploaded file and forget the file. `seen` is the digest of the preview looked at.

    Raises PreviewMoved.
    """
    upload = _locked(upload)
    run = import_payments(
        name=upload.name,
        content=bytes(upload.content),
        mapping=format_of(upload),
        by=by,
        skip_bad=skip_bad,
        accept_similar=accept_similar,
        seen=seen,
    )
    if not run.imported:
        raise BusinessError(f"Nothing in {upload.name} is left to be booked. Discard it.")
    upload.delete()
    return run


@db_transaction.atomic
def discard_upload(*, upload: PaymentFile) -> None:
    """Forget an uploaded file; nothing of it was booked."""
    _locked(upload).delete()


def forget_uploads_naming(names: Names) -> int:
    """Forget the uploads that name somebody on one of their lines or as their own name; returns how many.

    One that is being booked or discarded at this moment is left to that.
    """
    named = [
        upload.pk
        for upload in PaymentFile.objects.select_for_update(of=("self",), skip_locked=True).select_related("mapping")
        if names.in_text(upload.name) or names.in_text(_text_of(upload))
    ]
    gone, _ = PaymentFile.objects.filter(pk__in=named).delete()
    return gone


def _text_of(upload: PaymentFile) -> str:
    """Its text as it stands and as it is read; what is no text names nobody."""
    content = bytes(upload.content)
    parts: list[str] = []
    with suppress(BusinessError):
        parts.append(readable(content))
    if (statement := statement_of(content)) is not None:
        with suppress(BusinessError):  # a name may go over two lines there
            parts += [f"{entry.name}\n{entry.account}\n{entry.text}" for entry in statement.entries(content)]
    return "\n".join(parts)


def _locked(upload: PaymentFile) -> PaymentFile:
    fresh = PaymentFile.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
    if fresh is None:
        raise BusinessError("This file was booked or discarded already; nothing was done.")
    return fresh
