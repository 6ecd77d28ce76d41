"""Beginning an import, and going on with one."""

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db import transaction as db_transaction

from billing_admin.db.locks import is_locked
from billing_admin.errors import BusinessError
from billing_admin.models import SystemImport

from .discard import discard
from .staging import key_of, unfinished

State = SystemImport.State


def open_import(*, system: str, source: str, by: User | None, version: str = "", identity: str = "") -> SystemImport:
    """Begin to read a system. One that was only read before, and not booked, is discarded for it.

    `source` names the installation in all that is brought of it; `identity` is what the installation says that it is.
    What was decided about it the last time is decided already.

    Raises BusinessError where another import of it is at work or half booked, or the name is that of another system.
    """
    source = source.strip()
    if not source or len(source) > 100:
        raise BusinessError("Give the source a name of at most 100 characters. Nothing was read.", field="source")
    for run in unfinished(source):
        _make_room(run)
    refuse_another(system, source, identity)
    try:
        with db_transaction.atomic():
            return SystemImport.objects.create(
                system=system, source=source, version=version, identity=identity, created_by=by,
                answers=_answered_before(system, source),
                created_by_name=(by.get_full_name() or by.get_username())[:150] if by else "System",
            )  # fmt: skip
    except IntegrityError:
        raise BusinessError(f"Another process begins to read {source} at this moment. Nothing was read.") from None


def import_to_go_on_with(source: str) -> SystemImport:
    """The import of this source that was read, or is half booked.

    Raises BusinessError where there is none.
    """
    run = next((run for run in unfinished(source) if run.state != State.READING), None)
    if run is None:
        raise BusinessError(f"There is no import of {source} to go on with: read it first. Nothing was done.")
    return run


def _answered_before(system: str, source: str) -> dict[str, str]:
    former = SystemImport.objects.filter(system=system, source=source).exclude(answers={}).order_by("-pk").first()
    return former.answers if former else {}


def _make_room(run: SystemImport) -> None:
    if run.state == State.COMMITTING:
        raise BusinessError(
            f"{run} is half booked: go on with it (on its page, or with --resume) before {run.source} is read again."
        )
    if is_locked(key_of(run)):
        raise BusinessError(f"{run} is at work in another process at this moment. Nothing was read.")
    discard(run)


def refuse_another(system: str, source: str, identity: str) -> None:
    """References bear the name: two systems under one name would be taken for one.

    Raises BusinessError.
    """
    former = (
        SystemImport.objects.filter(source=source, committed_at__isnull=False).exclude(identity="", system=system)
        .order_by("-pk").first()
    )  # fmt: skip
    if former is None or (former.system == system and (not identity or former.identity in ("", identity))):
        return
    what = former.identity or former.get_system_display()
    raise BusinessError(
        f"What came as “{source}” before was of {what}, and this is {identity or 'another system'}. Give it another "
        "name with --source. Nothing was read.",
        field="source",
    )
