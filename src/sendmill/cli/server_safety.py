"""Whether the database server keeps what it says it committed: asked before anything of Sendmill starts on it."""

from __future__ import annotations

from sendmill.cli.doctor_findings import Finding
from sendmill.cli.startup import read_environment


def need_safe_server() -> None:
    """Raise UnsafeServerError on a server that may lose commits, unless the override is set. Needs Django."""
    from django.db import connection

    from sendmill.postgres.server_settings import read_server, refuse_unsafe

    if read_environment().allow_unsafe_server:
        return
    with connection.cursor() as cursor:
        refuse_unsafe(read_server(cursor))


def look_at_server() -> list[Finding]:
    """What `sendmill doctor` says of the server's settings and standbys."""
    from django.db import connection

    from sendmill.postgres.server_settings import find_shortcomings, read_server

    with connection.cursor() as cursor:
        server = read_server(cursor)
    found = find_shortcomings(server)
    if not found:
        return [Finding("durability", True, describe(server.standbys))]
    return [Finding("durability", False, " ".join(map(str, found)))]


def describe(standbys: tuple[object, ...]) -> str:
    """What a server without shortcomings keeps."""
    if standbys:
        return "Commits are on disk and on a synchronous standby before anything is sent."
    return (
        "Commits are on disk before anything is sent; there is no standby: losing this disk loses the store."
    )
