"""What was read of another system goes with its import, also where the process that booked it was killed at the end."""

import pytest
from django.utils import timezone

from billing_admin.importing.discard import forget_old
from billing_admin.models import StagedClient, StagedMoney
from tests.staged import make_import, stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ended", ["done", "discarded"])
def test_rows_that_a_killed_process_left_of_an_ended_import_go_too(ended):
    now = timezone.now()
    run = make_import(state=ended, committed_at=now if ended == "done" else None, finished_at=now)
    half = make_import(source="Another", state="committing")
    for each in (run, half):
        stage(each, StagedClient, 1, first_name="Ada")
        stage(each, StagedMoney, 1, 1, amount_in=5)
    assert forget_old() == 0
    assert [row.of_id for model in (StagedClient, StagedMoney) for row in model.objects.all()] == [half.pk] * 2
