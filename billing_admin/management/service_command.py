"""Commands that a supervisor runs: what they say is collected with the log, and is of its form where that is JSON."""

import io
import logging
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, OutputWrapper

_logger = logging.getLogger("billing_admin.commands")


class ServiceCommand(BaseCommand):
    """For `serve`, `work` and `daily`: with BILLING_LOG=json each line that it says is one of the log."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if settings.LOG == "json":
            self.stdout = OutputWrapper(cast(TextIO, _LinesOfLog(logging.INFO)))
            self.stderr = OutputWrapper(cast(TextIO, _LinesOfLog(logging.ERROR)))


class _LinesOfLog(io.TextIOBase):
    """A file whose lines go to the log."""

    def __init__(self, level: int) -> None:
        self.level = level
        self.begun = ""

    def write(self, text: str) -> int:
        *whole, self.begun = f"{self.begun}{text}".split("\n")
        for line in filter(str.strip, whole):
            _logger.log(self.level, "%s", line)
        return len(text)
