"""A management command in a process of its own: how long it takes, and the most memory that it has."""

import json
import subprocess
import sys

from tests.benchmarks.measuring import memory, seconds

# A process counts the memory of what began it as its own, and a shell has next to none.
_FROM_SHELL = ("sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-m", "tests.benchmarks.command")


def run_alone(*arguments: str) -> tuple[float, float]:
    """Run `manage.py ARGUMENTS`; the seconds that it took without its start, and its most memory in MB."""
    done = subprocess.run([*_FROM_SHELL, *arguments], check=True, stdout=subprocess.PIPE)
    took, most = json.loads(done.stdout.splitlines()[-1])
    return took, most


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    took = seconds(lambda: call_command(*sys.argv[1:]))
    print(json.dumps([took, memory()]))
