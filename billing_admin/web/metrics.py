"""What each web process counts of its requests, where somebody may ask for it: `billing_admin/watching`.

prometheus_client keeps the counts of all processes in files of the folder that PROMETHEUS_MULTIPROC_DIR names, and
decides on that when it is imported: `manage.py serve` names the folder before its web processes start, and imports none
of this itself. No label names a client, a person or a path.
"""

from django.conf import settings
from django.db import connection
from prometheus_client import Counter, Gauge, Histogram

NO_VIEW = "none"

REQUESTS = Counter(
    "billing_requests", "Requests that were answered.", ("view", "method", "status"), registry=None
)  # fmt: skip
SECONDS = Histogram(
    "billing_request_seconds", "How long requests took.", ("view",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 10), registry=None,
)  # fmt: skip
CONNECTIONS = Gauge(
    "billing_pool_connections", "Connections to the database that the web processes hold.", ("state",),
    multiprocess_mode="livesum", registry=None,
)  # fmt: skip
WAITING = Gauge(
    "billing_pool_waiting", "Requests that wait for a connection.", multiprocess_mode="livesum", registry=None
)  # fmt: skip
COUNTED = (REQUESTS, SECONDS, CONNECTIONS, WAITING)


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count one that was answered, if anybody may ask for that."""
    if not settings.METRICS_TOKEN:
        return
    REQUESTS.labels(view, method, str(status)).inc()
    SECONDS.labels(view).observe(seconds)
    if pool := connection.pool:  # type: ignore[attr-defined]
        stats = pool.get_stats()
        idle = stats.get("pool_available", 0)
        CONNECTIONS.labels("idle").set(idle)
        CONNECTIONS.labels("in use").set(stats.get("pool_size", 0) - idle)
        WAITING.set(stats.get("requests_waiting", 0))
