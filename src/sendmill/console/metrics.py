"""The metrics of the console: requests by route, method and status, and how long they took."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

REQUESTS = Counter("sendmill_requests", "Requests answered, by route", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "sendmill_request_seconds",
    "From a request to its answer, by route",
    ["route"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5),
)
METHODS = frozenset({"GET", "HEAD", "POST"})


class RequestMetrics:
    """Counts each request by the name of its route, never by its address: addresses have no end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the next layer; it is counted and timed."""
        began = perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        REQUEST_SECONDS.labels(route).observe(perf_counter() - began)
        return response
