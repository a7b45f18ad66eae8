"""The way in: `blastlint` and `python -m blastlint`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line; the exit code is 3 when blastlint itself is at fault."""
    if sys.argv[1:] in (["--version"], ["-V"]) and sys.stdout:
        from blastlint.version import __version__  # noqa: PLC0415 -- nothing else is needed

        sys.stdout.write(f"blastlint {__version__}\n")
        return 0
    gc.disable()  # One short run: what it reads stays in use until it ends.
    try:
        from blastlint.cli import run  # noqa: PLC0415 -- the version is asked for more often

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        from blastlint.output import complain  # noqa: PLC0415 -- as above

        complain("interrupted: nothing was judged\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
