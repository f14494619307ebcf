"""What building the package does beyond copying it: compiled catalogues, and no wheel without the front-end."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles the message catalogues; refuses to build a wheel that has no styles and icons."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        console = Path(self.root) / "src/sendmill/console"
        runpy.run_path(str(console / "translations.py"), run_name="__main__")
        if version != "editable" and not (console / "static/vendor/tabler/tabler.css").exists():
            raise RuntimeError(
                "The front-end is not built. Run `npm install` and `npm run build` in frontend/."
            )
