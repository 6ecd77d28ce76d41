"""Every import goes down: import-linter keeps the picture of how the code hangs together (pyproject.toml)."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings


def lint_imports(*options: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache", *options]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)


def test_every_import_goes_down():
    linted = lint_imports()
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "Every import goes down KEPT" in linted.stdout
    assert "The product imports no tests KEPT" in linted.stdout


def test_control_a_layer_that_is_imported_upwards_is_found(tmp_path):
    """The layers stand on their head: models above services."""
    config = tmp_path / "upside-down.toml"
    config.write_text(
        """
        [tool.importlinter]
        root_packages = ["billing_admin", "clients", "invoices", "transactions", "credits"]

        [[tool.importlinter.contracts]]
        name = "Upside down"
        type = "layers"
        layers = ["credits.models", "credits.services"]
        """
    )
    linted = lint_imports("--config", str(config))
    assert linted.returncode == 1
    assert "credits.services is not allowed to import credits.models" in linted.stdout
