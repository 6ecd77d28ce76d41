"""What was read of another system goes when it was booked, when it is discarded, and after seven days."""

import datetime

import pytest
from django.utils import timezone

from billing_admin.models import StagedClient, StagedMoney, SystemImport
from tests.commands import run_command
from tests.staged import make_import, stage

pytestmark = pytest.mark.django_db


def with_rows(days: int, **values: object) -> SystemImport:
    run = make_import(source=f"WHMCS {SystemImport.objects.count()}", **values)
    SystemImport.objects.filter(pk=run.pk).update(created_at=timezone.now() - datetime.timedelta(days=days))
    stage(run, StagedClient, 1, first_name="Ada")
    stage(run, StagedMoney, 1, 1, amount_in=5)
    return run


def test_daily_discards_what_was_read_a_week_ago_and_not_booked():
    old, killed = with_rows(8), with_rows(8, state="reading")
    young, half = with_rows(6), with_rows(8, state="committing")
    assert "forget_imports: 2 imports discarded." in run_command("daily").printed
    states = dict(SystemImport.objects.values_list("pk", "state"))
    assert states == {old.pk: "discarded", killed.pk: "discarded", young.pk: "read", half.pk: "committing"}
    for model in (StagedClient, StagedMoney):
        assert set(model.objects.values_list("of", flat=True)) == {young.pk, half.pk}
    assert "forget_imports: Nothing to forget." in run_command("daily").printed


def test_rows_that_a_killed_process_left_of_an_ended_import_go_too():
    with_rows(1, state="done", committed_at=timezone.now(), finished_at=timezone.now())
    with_rows(1, state="discarded", finished_at=timezone.now())
    assert "forget_imports: Nothing to forget." in run_command("daily").printed
    assert not StagedClient.objects.exists()
    assert not StagedMoney.objects.exists()
