"""What the whole import does with clients, in one batch."""

from django.db import connection
from django.utils import timezone

from billing_admin.db.triggers import maintenance
from billing_admin.models import Staged, StagedClient, SystemImport
from clients.services.system_import.clients import bring_clients
from clients.services.system_import.judge_clients import judge
from clients.services.system_import.meanings import EVERY_ID
from clients.services.system_import.people import bring_people


def bring(run: SystemImport, *, answers: dict[str, str] | None = None) -> dict[str, tuple[int, int, str, str]]:
    """Judge and bring all; returns who is who: id there → id, number, name and currency here."""
    run.answers |= answers or {}
    judge(run)
    at = timezone.now()
    with maintenance("import"), connection.cursor() as cursor:
        bring_clients(cursor, run, EVERY_ID, at)
        bring_people(cursor, run, at)
        cursor.execute("SELECT source_id, client_id, number, name, currency FROM importing_client")
        found = {source_id: tuple(rest) for source_id, *rest in cursor.fetchall()}
        StagedClient.objects.filter(of=run, source_id__in=found).update(is_done=True)
        cursor.execute("DROP TABLE importing_client")
    return found


def outcomes(run: SystemImport, model: type[Staged] = StagedClient) -> dict[str, tuple[str, str]]:
    """What becomes of each row, by its id there."""
    return {row.source_id: (row.outcome, row.why) for row in model._default_manager.filter(of=run)}
