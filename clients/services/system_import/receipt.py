"""The receipt of an import: what came, what did not, and the comparison; rows by number and id alone, kept for good."""

import re
from typing import Any

from django.db import connection
from django.utils import timezone

from billing_admin.models import SystemImport

_CAME = """
    SELECT kind, count(*)
    FROM clients_externalreference WHERE system_import_id = %s GROUP BY kind
"""
_WORDS_TYPED = r"“[^”]*”"


def receipt_of(run: SystemImport, notices: list[str]) -> dict[str, Any]:
    """{"source", "version", "read_at", "booked_at", "by", "came": kind → rows, "tables", "reasons", "answers",
    "notices"}: `tables` and `reasons` as the preview told them when the booking began."""
    with connection.cursor() as cursor:
        cursor.execute(_CAME, [run.pk])
        came = dict(cursor.fetchall())
    return {
        "system": run.get_system_display(),
        "source": run.source,
        "version": run.version,
        "read_at": run.read_at,
        "booked_at": run.committed_at,
        "ended_at": timezone.now(),
        "by": run.created_by_name,
        "came": came,
        "tables": run.preview.get("tables", []),
        "reasons": [{**reason, "why": _without_words(reason["why"])} for reason in run.preview.get("reasons", [])],
        "answers": run.answers,
        "notices": notices,
    }


def _without_words(why: str) -> str:
    """A reason without what somebody typed."""
    return re.sub(_WORDS_TYPED, "…", why)
