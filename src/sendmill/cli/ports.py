"""Whether a port can be listened on, asked before anything is started."""

from __future__ import annotations

import errno
import socket

from sendmill.cli.errors import CommandError


def listen(host: str, port: int) -> int:
    """Listen for a moment, and return the port, which is another one for 0. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1)
        return int(listener.getsockname()[1])


def need_port(host: str, port: int, option: str = "--port") -> None:
    """Raise CommandError with what to do unless the port can be listened on; `option` chooses another."""
    try:
        listen(host, port)
    except OSError as error:
        advice = {
            errno.EADDRINUSE: f"Port {port} at {host} is taken. Choose another one with {option}.",
            errno.EACCES: f"Port {port} needs more rights than you have. Choose one above 1023 with {option}.",
        }
        otherwise = f"{host}:{port} cannot be listened on: {error.strerror}. Choose --host and --port."
        raise CommandError(advice.get(error.errno or 0, otherwise)) from error
    except OverflowError as error:
        raise CommandError(f"{port} is no port; they go from 0 to 65535.") from error


def free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """The wanted port when it is free, else another one. Raises CommandError when there is none."""
    for port in (wanted, 0):
        try:
            return listen(host, port)
        except (OSError, OverflowError):
            continue
    raise CommandError(f"No port is free at {host}. Is that an address of this machine?")
