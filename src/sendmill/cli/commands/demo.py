"""`sendmill demo`: everything at once with a simulated carrier and a demo account."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from sendmill.cli.commands.serve import log_output, program, supervise
from sendmill.cli.database_ready import need_safe_server
from sendmill.cli.embedded_database import kept_database, without_database
from sendmill.cli.errors import CommandError
from sendmill.cli.one_instance import hold_data_folder
from sendmill.cli.ports import free_port
from sendmill.cli.startup import apply_migrations, prepare, read_environment

if TYPE_CHECKING:
    from sendmill.catalog.demo.account import DemoCredentials
    from sendmill.postgres.embedded.keeper import Keeper
    from sendmill.runtime.settings import Environment
    from sendmill.runtime.supervisor import Supervisor

SIMULATOR_PORT = 2775
PATIENCE = 60.0  # seconds until the console must answer

Result = TypeVar("Result")


def demo(
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="Send the sample file in a temporary data folder, print the outcome, and end."
        ),
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address the console listens on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port the console listens on; another if taken.")] = None,
) -> None:
    """Start everything with a simulated carrier and a demo account; Ctrl-C stops it, the data stays."""
    if once:
        folder = Path(tempfile.mkdtemp(prefix="sendmill-demo-"))
        folder.chmod(0o711)  # as root the database runs as a system user, who must be able to pass
        os.environ["SENDMILL_DATA_DIR"] = str(folder)
        os.environ["SENDMILL_STATE_DIR"] = str(folder / "state")
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("SENDMILL_DATABASE_URL", None)
        try:
            run_demo("127.0.0.1", 0, once=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    else:
        environment = read_environment()
        run_demo(host or environment.host, port or environment.port, once=False)


def run_demo(host: str, port: int, *, once: bool) -> None:
    """Start database, simulator, worker, sender and console; then either stay up or send the sample once."""
    environment = read_environment()
    with hold_data_folder(environment.data_dir, "demo"):
        _run_everything(environment, host, port, once=once)


def _run_everything(environment: Environment, host: str, port: int, *, once: bool) -> None:
    from sendmill.runtime.supervisor import Supervisor

    typer.secho("Starting the database …", err=True, dim=True)
    output = log_output(environment.data_dir, console=False)
    with kept_database(environment, output, report=not once) as keeper:
        prepare("demo", quiet=True)
        need_safe_server()
        apply_migrations()
        port, simulator_port = free_port(port, host), free_port(SIMULATOR_PORT)
        from sendmill.catalog.demo.account import create_demo

        credentials = create_demo(port=simulator_port)
        folder = environment.data_dir
        supervisor = Supervisor(
            [
                program("simulator", "--port", str(simulator_port), "--log", str(folder / "simulator.log")),
                program("worker"),
                program("sender"),
                program("web", "--host", host, "--port", str(port)),
            ],
            output=output,
            together=lambda: without_database(environment, keeper),
        )
        if once:
            asyncio.run(_send_sample(supervisor, keeper))
        else:
            greeting = _greet(f"http://{host}:{port}/", credentials, folder)
            asyncio.run(_stay_up(supervisor, keeper, greeting))


async def _greet(address: str, credentials: DemoCredentials, folder: Path) -> None:
    if await asyncio.to_thread(answers, address, PATIENCE):
        _show_welcome(address, credentials, folder)
    else:
        typer.secho(f"The console does not answer; look into {folder}/logs/sendmill.log.", err=True, fg="red")


async def _stay_up(
    supervisor: Supervisor, keeper: Keeper | None, greeting: Coroutine[Any, Any, None]
) -> None:
    greeted = asyncio.create_task(greeting)
    try:
        await supervise(supervisor, keeper)
    finally:
        greeted.cancel()
        typer.secho("Stopped. The data is kept.", err=True, dim=True)


def answers(address: str, patience: float) -> bool:
    """Whether a web server answers at an address within so many seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own http address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.2)
    return False


def _show_welcome(address: str, credentials: DemoCredentials, folder: Path) -> None:
    from rich.console import Console
    from rich.panel import Panel
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_row("Address", f"[bold]{address}[/]")
    for login in credentials.logins:
        table.add_row(
            f"{login.role.capitalize()}", f"[bold]{login.username}[/]  {login.password or '(changed)'}"
        )
    table.add_row("Data", str(folder))
    table.add_row("Stop", "Ctrl-C")
    Console().print(Panel(table, title="Sendmill is running", expand=False, border_style="green"))


async def _send_sample(supervisor: Supervisor, keeper: Keeper | None) -> None:
    serving = asyncio.create_task(supervise(supervisor, keeper))
    working = in_daemon_thread(send_sample)
    try:
        await asyncio.wait((serving, working), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise CommandError("Interrupted; everything was stopped.")
        outcome = working.result()
    finally:
        supervisor.stop()
        await serving
    typer.echo(json.dumps(outcome))


def in_daemon_thread(work: Callable[[], Result]) -> asyncio.Future[Result]:
    """Run `work` in a thread that does not keep the process from ending, as that of `asyncio.to_thread` would."""
    done: Future[Result] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return asyncio.wrap_future(done)


def send_sample() -> dict[str, int | float]:
    """Send the demo's sample spreadsheet and wait until the task is Completed; what became of it."""
    import polars as pl

    from sendmill.accounts.models import Account
    from sendmill.catalog.demo.sample_files import samples
    from sendmill.cli.commands.send import create_task, outcome_of, wait_until_completed
    from sendmill.cli.identity import choose_member
    from sendmill.spreadsheets.writer import write_xlsx

    began = time.monotonic()
    sample = samples()[0]
    with tempfile.TemporaryDirectory(prefix="sendmill-sample-") as folder:
        path = Path(folder) / f"{sample.name}.xlsx"
        rows = pl.DataFrame(sample.rows, schema=[f"c{at}" for at in range(len(sample.header))], orient="row")
        with path.open("wb") as target:
            write_xlsx(target, sample.header, [rows])
        member = choose_member(Account.objects.get(name="Demo"), None)
        task, _ = create_task(
            member, path, application=sample.application, template=sample.template, signature=None, at=None
        )
    wait_until_completed(task, patience=300.0, progress=True)
    return outcome_of(task) | {"seconds": round(time.monotonic() - began, 3)}
