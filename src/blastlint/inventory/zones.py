"""Time zones, read from the `tzdata` package: the same rules on every system."""

from __future__ import annotations

from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from zoneinfo import ZoneInfo


@cache
def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name; the system's own copy of the database is not asked.

    Args:
        name: a name that `names` lists.
    """
    import os  # noqa: PLC0415 -- only who reckons in local time needs this
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- 5 ms

    with open(os.path.join(_folder(), "zoneinfo", *name.split("/")), "rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def names() -> Collection[str]:
    """Return the names of all zones."""
    import os  # noqa: PLC0415 -- only inventories that name a zone need this

    with open(os.path.join(_folder(), "zones"), encoding="utf-8") as file:
        return frozenset(file.read().split())


def _folder() -> str:
    import os  # noqa: PLC0415 -- see above

    import tzdata  # type: ignore[import-untyped]  # noqa: PLC0415 -- it has no types: it is data

    folder: str = os.path.dirname(tzdata.__file__)
    return folder
