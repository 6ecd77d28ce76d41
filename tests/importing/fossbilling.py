"""Reading a made-up FOSSBilling into staged rows."""

from billing_admin.importing.fossbilling.reader import FossBillingReader
from billing_admin.importing.mysql import reading
from billing_admin.importing.opening import open_import
from billing_admin.importing.staging import stage
from billing_admin.models import SystemImport
from tests.fossbilling.dirty import add_dirty
from tests.fossbilling.schema import NEW
from tests.fossbilling.source import Source, make_source
from tests.whmcs.server import MariaDb

from .reading import address


def load(server: MariaDb, source: Source) -> str:
    """The name of a database with these rows."""
    with server.connect() as session, session.cursor() as cursor:
        cursor.execute("SHOW DATABASES LIKE 'fossbilling%'")
        name = f"fossbilling_{len(cursor.fetchall()) + 1}"
        source.load(session, name)
    return name


def read(server: MariaDb, source: Source | str) -> SystemImport:
    database = source if isinstance(source, str) else load(server, source)
    with reading(address(server, database)) as opened:
        reader = FossBillingReader(opened)
        run = open_import(system="fossbilling", source="Shop", identity=reader.identity, by=None)
        return stage(run, reader, lambda doing, done, total: None)


def dirty(patch: int = NEW, clients: int = 2) -> Source:
    source = make_source(clients=clients, patch=patch)
    add_dirty(source)
    return source
