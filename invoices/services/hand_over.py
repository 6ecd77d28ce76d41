"""E-invoices for a program that sends them: files in a folder, each there whole or not at all."""

import os
import tempfile
from pathlib import Path

from billing_admin.documents import Press
from billing_admin.errors import BusinessError

from .documents import Document, Syntax, e_invoice, file_name


def hand_over(document: Document, folder: Path, syntax: Syntax, press: Press | None = None) -> bool:
    """Write the e-invoice into the folder, by its number; whether it was not there already.

    It gets its name when it is whole, so that who takes files away never finds half of one. One that is there is never
    written over, whoever put it there.

    Raises BusinessError, also where the folder cannot be written to.
    """
    target = folder / file_name(document, "xml")
    if target.exists():
        return False
    content = e_invoice(document, syntax, press)
    try:
        put_in_place(target, content, over=False)
    except FileExistsError:
        return False
    return True


def put_in_place(target: Path, content: bytes, *, over: bool) -> None:
    """Write a file beside its place first, and give it its name when all of it is on the disk.

    Raises FileExistsError where it is not to be written `over`; BusinessError where it cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(0o644)
                if over:
                    part.replace(target)
                else:
                    os.link(part, target)
            finally:
                part.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise BusinessError(f"{target} cannot be written: {error.strerror}.") from error
