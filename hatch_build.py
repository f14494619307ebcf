"""What building the package does beyond copying it: compiled catalogues, and no wheel without static files."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles the message catalogues; refuses to build a wheel whose pages would have no styles and icons."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        runpy.run_path(str(root / "console_build.py"))["compile_catalogues"]()
        collected = root / "src/sendmill/console/static_collected/staticfiles.json"
        if version != "editable" and not collected.exists():
            raise RuntimeError("The static files are not collected. Run `make install`, then `make package`.")
