"""The signing key of a local installation."""

import errno
import os
import secrets
from pathlib import Path

from billing_admin.embedded_database.errors import LocalDatabaseError


def local_secret_key(data_dir: Path) -> str:
    """A random key, made once and kept beside the data, so that no default key is ever in the source.

    Two processes that start together agree: the file appears whole under its name or not at all.
    """
    kept = data_dir / "secret-key"
    try:
        return kept.read_text()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise LocalDatabaseError(
            f"The key in {kept} cannot be read ({error.strerror}): use the account that made it, "
            "or set DJANGO_SECRET_KEY."
        ) from error
    draft = data_dir / f".secret-key-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, kept)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return kept.read_text()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise LocalDatabaseError(f"The disk of {data_dir} is full: free some space.") from error
        raise LocalDatabaseError(
            f"A secret key cannot be kept in {data_dir} ({error.strerror}): make the folder writable, "
            "or set DJANGO_SECRET_KEY."
        ) from error
