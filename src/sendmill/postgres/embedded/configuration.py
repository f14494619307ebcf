"""The settings of the embedded server."""

import os
import shutil
from pathlib import Path

MIB = 1024 * 1024
GIB = 1024 * MIB
PORT = 5432
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - asked about, not written to

# Only local connections exist; who may open the socket is decided by its folder's mode (700).
LOCAL_SETTINGS = "local.conf"
HOST_BASED_ACCESS = "local all all trust\n"


def settings_text(*, sockets: Path, logs: Path, folder: Path, durable: bool) -> str:
    """Return the text of ``postgresql.conf`` for this machine.

    ``sockets`` and ``logs`` are folders, ``folder`` holds the data and the access files. Without ``durable`` a crash
    of the machine may destroy the data (a killed process still loses nothing): for tests only.
    """
    lines = [f"{name} = {_quote(value)}" for name, value in settings(sockets, logs, folder).items()]
    if not durable:
        lines += ["fsync = off", "full_page_writes = off"]
    lines.append(f"include = '{LOCAL_SETTINGS}'")
    head = f"# Written at every start. Put settings of your own into {LOCAL_SETTINGS} beside this file.\n"
    return head + "\n".join(lines) + "\n"


def settings(sockets: Path, logs: Path, folder: Path) -> dict[str, str]:
    """Return every setting that differs from PostgreSQL's default or that Sendmill depends on."""
    return {
        **_connection_settings(sockets, folder),
        **_memory_settings(),
        **_write_settings(folder),
        **_planner_settings(),
        **_autovacuum_settings(),
        **_log_settings(logs),
        "timezone": "UTC",
        "datestyle": "iso, ymd",
        "default_text_search_config": "pg_catalog.simple",
    }


def _connection_settings(sockets: Path, folder: Path) -> dict[str, str]:
    return {
        "listen_addresses": "",
        "port": str(PORT),
        # The value is a list of names: inner quotes keep a comma or blank in a path harmless.
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "hba_file": str(folder / "pg_hba.conf"),
        "ident_file": str(folder / "pg_ident.conf"),
        "max_connections": "100",
        # A statement that looks at all tasks locks all of their partitions.
        "max_locks_per_transaction": "256",
        # These two processes write less often, and more at a time: while idle each would wake up five times a second.
        # Nothing depends on the WAL writer, because every commit flushes its own WAL.
        "bgwriter_delay": "2s",
        "bgwriter_lru_maxpages": "1000",
        "wal_writer_delay": "2s",
        # A sender that was killed holds its locks until its statement ends, unless someone looks.
        "client_connection_check_interval": "5s",
    }


def _memory_settings() -> dict[str, str]:
    memory = memory_bytes()
    # The hot tables are written once, updated once and read by key: beyond 1 GiB the file cache does as well.
    shared = min(max(memory // 8, 64 * MIB), 1 * GIB)
    return {
        "shared_buffers": _mib(shared),
        "effective_cache_size": _mib(max(memory // 2, 128 * MIB)),
        "work_mem": "16MB",
        "maintenance_work_mem": _mib(min(max(memory // 32, 64 * MIB), 512 * MIB)),
        "dynamic_shared_memory_type": "posix" if os.access(SHARED_MEMORY, os.W_OK) else "sysv",
    }


def _write_settings(folder: Path) -> dict[str, str]:
    # Each checkpoint makes the next change of every page a full image in the log: few checkpoints mean
    # less to write. A small disk bounds that.
    room = shutil.disk_usage(folder).free
    return {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_level": "replica",
        "wal_buffers": "16MB",
        "wal_compression": "off",
        "max_wal_size": _mib(min(max(room // 8, 256 * MIB), 4 * GIB)),
        "min_wal_size": _mib(min(max(room // 32, 80 * MIB), 512 * MIB)),
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
    }


def _planner_settings() -> dict[str, str]:
    cores = os.cpu_count() or 1
    return {
        "random_page_cost": "1.1",
        "effective_io_concurrency": "64",
        "jit": "off",
        # On a small machine a parallel query takes the cores from the messages being sent.
        "max_parallel_workers_per_gather": "0" if cores <= 2 else "2",
        "max_parallel_maintenance_workers": "1" if cores <= 2 else "2",
    }


def _autovacuum_settings() -> dict[str, str]:
    # HOT updates prune their own pages, so vacuum matters little for them; new tables of a million rows need
    # statistics soon, or the first plans are wrong.
    return {
        "autovacuum": "on",
        "autovacuum_naptime": "20s",
        "autovacuum_max_workers": "2",
        "autovacuum_vacuum_scale_factor": "0.2",
        "autovacuum_analyze_scale_factor": "0.05",
        "autovacuum_vacuum_insert_scale_factor": "0.4",
        "autovacuum_vacuum_cost_limit": "400",
    }


def _log_settings(logs: Path) -> dict[str, str]:
    # Phone numbers must not reach the log: no statements, no parameters, and no DETAIL or CONTEXT lines
    # (they quote the conflicting row, or the line of a COPY). See also the role's log_min_messages.
    return {
        "logging_collector": "on",
        "log_destination": "stderr",
        "log_directory": str(logs),
        # One file a weekday, emptied when its day comes again: a week of logs.
        "log_filename": "postgres-%a.log",
        "log_file_mode": "0600",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %b ",
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",
        "log_min_duration_statement": "-1",
        "log_statement": "none",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
        "log_autovacuum_min_duration": "-1",
        "log_lock_waits": "off",
    }


def memory_bytes() -> int:
    """Return the bytes of memory that this machine, or the container this process runs in, may use."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def _mib(size: int) -> str:
    return f"{size // MIB}MB"


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''").replace("\\", "\\\\") + "'"
