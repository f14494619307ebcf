"""Commands that run Sendmill: everything at once, or one process."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sendmill.cli.database_ready import await_database, await_server, look_at_database, need_safe_server
from sendmill.cli.embedded_database import kept_database, without_database
from sendmill.cli.endpoints import BELOW_SUPERVISOR, watchpoint
from sendmill.cli.one_instance import hold_data_folder
from sendmill.cli.ports import need_port
from sendmill.cli.startup import apply_migrations, database, prepare, read_environment

if TYPE_CHECKING:
    from sendmill.postgres.embedded.keeper import Keeper
    from sendmill.runtime.settings import Environment
    from sendmill.runtime.supervisor import Output, Program, Supervisor


def program(name: str, *arguments: str, stop_seconds: float = 20.0) -> Program:
    """One of our own commands, to be run by the supervisor."""
    from sendmill.runtime.supervisor import Program

    argv = [sys.executable, "-m", "sendmill", name, *arguments]
    return Program(name, argv, env=BELOW_SUPERVISOR, stop_seconds=stop_seconds)


async def supervise(supervisor: Supervisor, keeper: Keeper | None) -> None:
    """Run the programs until SIGINT or SIGTERM, with health and metrics of them all and of the database."""
    from sendmill.cli.process_list import Programs

    point, programs = watchpoint("up"), Programs(supervisor.states, keeper)
    if point is None:
        await supervisor.serve(handle_signals=True)
        return
    async with point.serve(programs.ready(), live=programs.live(), collector=programs):
        await supervisor.serve(handle_signals=True)


def log_output(data_dir: Path, console: bool) -> Output:
    """Lines of all processes: to a rotated file in the data folder, and to the console if wanted."""
    from sendmill.runtime.supervisor import Output

    path = data_dir / "logs" / "sendmill.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    return Output(path) if console else Output(path, console=lambda text: None)


def up(
    host: Annotated[str | None, typer.Option(help="Address the console listens on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port the console listens on.")] = None,
) -> None:
    """Run everything: database, console, worker and sender. Restarts what crashes; Ctrl-C stops it."""
    environment = read_environment()
    host, port = host or environment.host, port or environment.port
    with hold_data_folder(environment.data_dir, "up"):
        need_port(host, port)
        _run_everything(environment, host, port)


def _run_everything(environment: Environment, host: str, port: int) -> None:
    from sendmill.runtime.supervisor import Supervisor

    output = log_output(environment.data_dir, console=True)
    with kept_database(environment, output) as keeper:
        prepare("up", quiet=True)
        need_safe_server()
        apply_migrations()
        from sendmill.accounts.models import Member

        if not Member.objects.exists():
            typer.echo("Nobody can sign in yet: run `sendmill createadmin` in another window.")
        typer.echo(f"Sendmill is at http://{host}:{port}/ · Ctrl-C stops it")
        supervisor = Supervisor(
            [program("worker"), program("sender"), program("web", "--host", host, "--port", str(port))],
            output=output,
            together=lambda: without_database(environment, keeper),
        )
        asyncio.run(supervise(supervisor, keeper))


def web(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    threads: Annotated[int, typer.Option(help="Requests served at a time.", min=1)] = 8,
) -> None:
    """Run the console only."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    environment = read_environment()
    need_port(host or environment.host, port or environment.port)
    watchpoint("web")
    prepare("web")
    look_at_database(environment)
    Granian(
        "sendmill.console.wsgi_server:application",
        address=host or environment.host,
        port=port or environment.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        # A page that waits for a database that hangs would keep the console from ending.
        workers_kill_timeout=5,
    ).serve()


def worker() -> None:
    """Run a worker only: checks of files, imports, downloads; starts and ends tasks at their time."""
    environment = read_environment()
    prepare("worker")
    await_database(environment)
    need_safe_server()
    from sendmill.postgres.embedded.server import database_dsn
    from sendmill.worker.process import run

    run(database_dsn(environment), watchpoint("worker"))


def sender() -> None:
    """Run a sender only: holds the binds to carriers, sends, takes reports."""
    environment = read_environment()
    prepare("sender")
    await_database(environment)
    need_safe_server()
    import uvloop

    from sendmill.cli.sender_process import run_sender

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_sender(environment, watchpoint("sender")))


def simulator(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 2775,
    log: Annotated[Path | None, typer.Option(help="Append every accepted part to this file.")] = None,
    report_delay: Annotated[
        tuple[float, float], typer.Option(help="Seconds until a report comes, from and to.")
    ] = (0.5, 3.0),
    failure_rate: Annotated[float, typer.Option(help="Share of numbers that fail.", min=0, max=1)] = 0.0,
    demo_numbers: Annotated[
        bool, typer.Option(help="Let numbers that end in 0001 and so on fail in their own ways.")
    ] = True,
    habit: Annotated[
        list[str] | None,
        typer.Option(
            help="Behave like a real carrier, by name; may be given more than once. `list` prints the names."
        ),
    ] = None,
    faults: Annotated[
        str, typer.Option(metavar="JSON", help="Single faults as a JSON object; they win over habits.")
    ] = "{}",
) -> None:
    """Run the simulated carrier only: an SMSC with reports, spoken to over SMPP 3.4 (demo / demo).

    Numbers ending in 0001 are undeliverable, 0002 expire, 0003 are rejected, 0004 are refused when submitted,
    0005 never get a report, and 0006 are throttled once.
    """
    from sendmill.simulator.habits import described, read_behaviour
    from sendmill.simulator.process import run

    if "list" in (habit or ()):
        typer.echo(described())
        return
    usual = {"demo": demo_numbers, "report_delay": list(report_delay), "failure_rate": failure_rate}
    try:
        behaviour = read_behaviour(usual, habit or (), faults)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    need_port("127.0.0.1", port)
    run(port=port, log=log, faults=behaviour, watchpoint=watchpoint("simulator"))


def migrate() -> None:
    """Create or update the tables; safe to run again."""
    environment = read_environment()
    await_server(environment)
    with database(environment):
        prepare("migrate", quiet=True)
        need_safe_server()
        apply_migrations()
    typer.echo("The tables are up to date.")
