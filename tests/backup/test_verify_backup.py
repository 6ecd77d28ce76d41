"""manage.py verify_backup: what is whole passes, and a changed byte is found."""

import json
import os

import psycopg
import pytest

from billing_admin.backup.manifest import path_of, read_manifest
from billing_admin.embedded_database.places import place_for
from billing_admin.embedded_database.readiness import Answer, ask
from billing_admin.errors import BusinessError

from .databases import KEY, fill, run

pytestmark = pytest.mark.slow


@pytest.fixture
def verify(filled, tried_on):
    """The command, which needs no database but its own."""

    def run_it(path, **more):
        ran = run("", "verify_backup", path, BILLING_DATA_DIR=os.fspath(tried_on), **more)
        with psycopg.connect(place_for(tried_on).url) as session:
            assert session.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'verify%'").fetchone() == (0,)
        return ran

    return run_it


def test_a_whole_backup_passes_and_what_was_restored_is_dropped(backup, verify, tried_on):
    with psycopg.connect(place_for(tried_on).url, autocommit=True) as session:
        session.execute("CREATE DATABASE verify_left")  # of one that was killed
    ran = verify(backup)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"{backup} is whole and restores: " in ran.stdout
    other = verify(backup, DJANGO_SECRET_KEY="another")
    assert other.returncode == 1
    assert "put the key into DJANGO_SECRET_KEY_FALLBACKS" in other.stdout
    assert verify(backup, DJANGO_SECRET_KEY="another", DJANGO_SECRET_KEY_FALLBACKS=KEY).returncode == 0


def test_a_server_that_it_started_is_stopped(backup, make_data_dir):
    data_dir = make_data_dir()
    assert run("", "verify_backup", backup, BILLING_DATA_DIR=os.fspath(data_dir)).returncode == 0
    assert ask(place_for(data_dir).socket) is Answer.SILENT


@pytest.mark.parametrize("where", [0, 0.3, 0.99])
@pytest.mark.parametrize("of", ["file", "manifest"])
def test_a_changed_byte_is_found(backup, verify, of, where):
    path = backup if of == "file" else path_of(backup)
    content = bytearray(path.read_bytes())
    content[int(len(content) * where)] ^= 1
    path.write_bytes(content)
    ran = verify(backup)
    assert ran.returncode == 1
    said = "is not as it was written: its SHA-256" if of == "file" else "is not as it was written; it was altered"
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_is_cut_off_or_of_another_backup_is_found(backup, verify):
    content = backup.read_bytes()
    backup.write_bytes(content[:-1])
    assert f"has {len(content) - 1:,} bytes, its manifest says {len(content):,}." in verify(backup).stderr
    path_of(backup).write_text("[" * 1_000_000)
    with pytest.raises(BusinessError, match="it was altered or damaged"):
        read_manifest(backup)
    path_of(backup).unlink()
    assert "without its manifest a backup is not known to be whole" in verify(backup).stderr


def test_a_total_that_is_not_the_manifests_is_found(backup, verify):
    """Whoever has the key may say anything in a manifest: what is restored is compared with it."""
    said = json.loads(path_of(backup).read_text())
    del said["check"], said["mark"], said["format"]
    said["figures"]["totals"]["USD"]["balances"] = "1.000"
    said["figures"]["rows"]["clients_note"] = 7
    fill("postgres://nowhere/none", f"""
from pathlib import Path
from billing_admin.backup.figures import Figures
from billing_admin.backup.manifest import Manifest, path_of
said = {said!r}
figures = Figures(**said.pop("figures"))
path_of(Path({os.fspath(backup)!r})).write_text(Manifest(**said, figures=figures).text())
""")  # fmt: skip
    ran = verify(backup)
    assert ran.returncode == 1
    assert "balances USD: 1.000 was expected, " in ran.stdout
    assert "clients_note: 7 rows were expected, 0 are there." in ran.stdout


def test_books_that_do_not_agree_are_found(backup, verify, filled):
    """A row changed behind the triggers, before the backup was made."""
    change = "UPDATE clients_activity SET actor_name = {} WHERE id = (SELECT min(id) FROM clients_activity)"
    reverse = "'Nobody' || actor_name", "substr(actor_name, 7)"
    with psycopg.connect(filled, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        session.execute(change.format(reverse[0]))
        try:
            assert run(filled, "backup", backup.with_name("spoilt.dump")).returncode == 0
        finally:
            session.execute(change.format(reverse[1]))
    ran = verify(backup.with_name("spoilt.dump"))
    assert ran.returncode == 1
    assert "verify_activity: " in ran.stdout
    assert "check_ledger: " in ran.stdout
