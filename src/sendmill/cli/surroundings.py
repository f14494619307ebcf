"""Where this process is, as its settings say: what the checks for an older store compare."""

from __future__ import annotations

from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.postgres.embedded.server import Embedded
from sendmill.runtime.settings import Environment


def surroundings_of(environment: Environment) -> Surroundings:
    """The surroundings that the settings name."""
    second = environment.second_state_dir
    folders = (environment.state_dir,) if second is None else (environment.state_dir, second)
    embedded = environment.database_url in ("", Embedded(environment.data_dir).status().dsn)
    return Surroundings(folders, environment.data_dir if embedded else None, environment.place)
