"""`python -m tests.crash --seconds 900 --seed 7`: kill things for so long, then compare; 0 when clean."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time

from tests.crash.aftermath import put_back
from tests.crash.rig import Rig, own_folder


def main() -> int:
    """Run once; the last line is a JSON object with all counts, the seed among them."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--seconds", type=float, default=900.0, help="how long to kill things")
    parser.add_argument("--seed", type=int, default=None, help="repeats the choices of an earlier run")
    options = parser.parse_args()
    seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:7.1f} s  {line}\n")
        sys.stdout.flush()

    say(f"seed {seed}")
    with own_folder() as folder:
        os.environ["SENDMILL_DATA_DIR"] = str(folder / "data")
        with Rig(folder, seed, say) as rig:
            rig.run(options.seconds)
            verdict = rig.verdict()
            verdict.problems += put_back(rig)
            sys.stdout.write(json.dumps(rig.describe() | verdict.describe(), default=str) + "\n")
    return 0 if verdict.clean else 1


if __name__ == "__main__":
    sys.exit(main())
