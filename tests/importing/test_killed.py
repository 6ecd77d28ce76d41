"""An import that is killed again and again, and goes on where it was: the same end as one that was not."""

import random
import signal

import pytest
from django.db import transaction as db_transaction

from billing_admin.models import STAGED, StagedClient, SystemImport
from clients.services.system_import.commit import commit
from credits.services.check import check_ledger
from tests.concurrency.killed import NEVER, Victims
from tests.importing.reading import read
from tests.importing.whole import came
from tests.real_commits import transactional_db  # noqa: F401

KILLS = 10


def as_it_would_end(server, database: str) -> dict:
    """What an import comes to that nobody kills; nothing of it stays."""
    with db_transaction.atomic():
        commit(read(server, database), by=None, progress=lambda doing, done, total: None)
        whole = came()
        db_transaction.set_rollback(True)
    return whole


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_killed_at_ten_points_it_ends_as_if_it_had_not_been(server, made):
    database = made(clients=30, traps=2)
    whole = as_it_would_end(server, database)
    assert not SystemImport.objects.exists()
    read(server, database)
    points, kills, done = random.Random(7), 0, set()
    with Victims() as victims:
        while kills < KILLS:
            ended = victims.run(points.randrange(20, 220), "import_whmcs", "--resume", "--at-once", 5)
            if ended.exit_code == 0:
                break
            assert ended.exit_code == -signal.SIGKILL
            kills += 1
            done.add(StagedClient.objects.filter(is_done=True).count())
        assert kills == KILLS, "It was done before it was killed so often."
        assert victims.run(NEVER, "import_whmcs", "--resume", "--at-once", 5).exit_code == 0
    assert len(done) > 2  # some of them went on with what others had done
    assert came() == whole
    assert not any(model._default_manager.exists() for model in STAGED)
    assert check_ledger().finding_count == 0
