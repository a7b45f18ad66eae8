"""The way in: `blastlint` and `python -m blastlint`."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> int:
    """Run the command line; the exit code is 3 when blastlint itself is at fault."""
    if sys.argv[1:] in (["--version"], ["-V"]) and sys.stdout:
        from blastlint.version import __version__  # noqa: PLC0415 -- nothing else is needed

        sys.stdout.write(f"blastlint {__version__}\n")
        return 0
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:  # before anybody listens, which is a matter of a millisecond
        sys.stderr.write("interrupted: nothing was judged\n")
        return 130


def _run(arguments: Sequence[str]) -> int:
    from blastlint import interruption  # noqa: PLC0415 -- the version is asked for more often

    interruption.listen()
    gc.disable()  # One short run: what it reads stays in use until it ends.
    from blastlint import progress  # noqa: PLC0415 -- as above
    from blastlint.cli import run  # noqa: PLC0415

    progress.start()
    code = run(arguments)
    progress.end()
    interruption.too_late()
    return code


if __name__ == "__main__":
    sys.exit(main())
