"""Reading a made-up WHMCS into staged rows."""

from billing_admin.importing.address import read_address
from billing_admin.importing.mysql import reading
from billing_admin.importing.opening import open_import
from billing_admin.importing.staging import stage
from billing_admin.importing.whmcs.reader import WhmcsReader
from billing_admin.models import SystemImport
from tests.whmcs.server import PASSWORD, MariaDb


def address(server: MariaDb, database: str):
    return read_address(server.url(database)).with_password(PASSWORD)


def read(server: MariaDb, database: str, progress=lambda doing, done, total: None, **values) -> SystemImport:
    with reading(address(server, database)) as source:
        reader = WhmcsReader(source)
        run = open_import(system="whmcs", identity=reader.identity, by=None, **{"source": "WHMCS"} | values)
        return stage(run, reader, progress)
