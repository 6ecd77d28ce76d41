"""`daily` backs up first, and keeps the newest backups."""

import datetime

import pytest
from django.utils import timezone

from billing_admin.backup.kept import back_up, last_backup
from billing_admin.backup.manifest import path_of
from billing_admin.errors import BusinessError
from billing_admin.models import Job
from tests.commands import run_command

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(filled, settings, tmp_path):
    settings.DATABASE_DIRECT_URL, settings.BACKUP_DIR, settings.BACKUPS_KEPT = filled, str(tmp_path), 2
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def as_of_day(path, day):
    """The backup under the name that it would have had on that day of January."""
    older = path.with_name(f"billing-2026010{day}T000000Z.dump")
    path.rename(older)
    path_of(path).rename(path_of(older))
    return older


def test_the_newest_are_kept_and_nothing_else_is_touched(folder):
    kept = []
    for left in ("mine.dump", "billing-20200101T000000Z.dump.bak", "billing-20200101T000000Z.dump.part"):
        (folder / left).write_text("of somebody")
    (folder / "billing-20200102T000000Z.dump").write_text("of a process that was killed before its manifest")
    assert last_backup() is None
    for number in range(1, 4):
        path, manifest, count = back_up()
        assert (count, last_backup()) == (min(number, 2), manifest.moment)
        kept.append(as_of_day(path, number))
    assert names(folder) == sorted(
        ["mine.dump", "billing-20200101T000000Z.dump.bak"]
        + [each.name for path in kept[1:] for each in (path, path_of(path))]
    )


def test_the_new_one_stays_beside_what_a_clock_ahead_has_named(folder):
    ahead = [as_of_day(back_up()[0], number) for number in (1, 2)]
    for each in ahead:
        for path in (each, path_of(each)):
            path.rename(path.with_name(path.name.replace("2026", "2096")))
    path, _, count = back_up()
    assert (count, path.exists()) == (2, True)
    assert len(list(folder.glob("*.dump"))) == 2


def test_nothing_is_removed_where_the_new_one_fails(folder, settings):
    as_of_day(back_up()[0], 1)
    as_of_day(back_up()[0], 2)
    settings.BACKUPS_KEPT = 1
    before = names(folder)
    settings.DATABASE_DIRECT_URL = "postgres://nobody@127.0.0.1:9/none"
    with pytest.raises(BusinessError, match="The database does not answer"):
        back_up()
    assert names(folder) == before


@pytest.mark.django_db
def test_daily_backs_up_first_and_says_so(folder, settings):
    ran = run_command("daily")
    assert ran.error == ""
    (name,) = [path.name for path in folder.glob("*.dump")]
    size = (folder / name).stat().st_size
    assert ran.printed[0].startswith(f"back_up: {name}, {size:,} bytes with ")
    assert ran.printed[0].endswith("; 1 backup kept.")
    assert ran.printed[1].startswith("expire_credit: ")
    settings.BACKUP_DIR = str(folder / "gone")
    again = run_command("daily")
    assert again.error == "Look at back_up; the rest went well."
    assert again.printed[0].endswith(
        "which BILLING_BACKUP_DIR names, is no folder. There is no backup. There is none before."
    )
    job = Job.objects.get(kind="daily.back_up", state=Job.State.FAILED)
    assert timezone.now() - job.asked_at < datetime.timedelta(minutes=5)
