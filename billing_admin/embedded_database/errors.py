"""What can be wrong with the machine, said in one sentence."""


class LocalDatabaseError(Exception):
    """The embedded database cannot run here; the text is meant for the person at the terminal."""
