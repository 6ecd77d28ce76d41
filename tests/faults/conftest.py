"""Where the installation of a fault is: in folders of the test's own, as for the tests of the embedded server."""

from tests.setup.conftest import data_dir, make_data_dir  # noqa: F401
