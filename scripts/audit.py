"""Look up whether a vulnerability is known of any package that the locks name. `make check-audit` runs it.

What is known is asked of osv.dev, or of the address that BILLING_AUDIT_URL names. Where that does not answer, it says
so and ends well: a machine without it can check all the rest. A finding fails, and so does one that no version mends
yet; what is not to count is named below with why.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-tools.lock")
SECONDS, SECONDS_FOR_ALL = 5, 120
# Id → why it does not concern us.
ACCEPTED: dict[str, str] = {}


def audit(locks):
    """What is known of each package; None where nobody can be asked, or not all of them in time."""
    url = os.environ.get("BILLING_AUDIT_URL")
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.json")
        command = [
            sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", *(["--osv-url", url] if url else []),
            "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--desc", "off", "--format", "json",
            "--output", told, "--timeout", str(SECONDS), *(part for lock in locks for part in ("--requirement", lock)),
            *(part for known in ACCEPTED for part in ("--ignore-vuln", known)),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_FOR_ALL)
        except subprocess.TimeoutExpired:
            return None
        if told.exists():
            return json.loads(told.read_text())["dependencies"]
        if "ConnectionError" in done.stderr or "Timeout" in done.stderr or "HTTPError" in done.stderr:
            return None
        sys.exit(done.stderr)


def main():
    packages = audit([PROJECT / name for name in sys.argv[1:] or LOCKS])
    if packages is None:
        print("Known vulnerabilities were not looked up: osv.dev does not answer from here.")
        return
    found = [
        f"{each['name']} {each['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'none yet'}"
        for each in packages
        for known in each.get("vulns", [])
    ]
    if found:
        sys.exit("\n".join([*found, "Take mended versions (make lock UPGRADE=1), or say in scripts/audit.py why not."]))
    print(f"No vulnerability is known of the {len(packages)} packages of the locks.")


if __name__ == "__main__":
    main()
