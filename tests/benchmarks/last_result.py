"""What was measured last, kept in the benchmarks' data folder so that the next run shows it beside its own."""

import json
import os
from pathlib import Path
from typing import Any


def exchange(name: str, result: Any) -> Any:
    """Keep what was measured now; returns what was kept under that name before, {} the first time."""
    kept = Path(os.environ["BILLING_DATA_DIR"]) / "last-result.json"
    everything = json.loads(kept.read_text()) if kept.exists() else {}
    before = everything.get(name, {})
    kept.write_text(json.dumps(everything | {name: result}, indent=1))
    return before
