"""Rows of the servers that a client of the Model Context Protocol starts or calls.

Values of a configuration are never repeated, and its file is no evidence of the inventory: it
often holds secrets.
"""

from __future__ import annotations

from blastlint.drafting.offered import credential_row
from blastlint.drafting.rows import Cell, named_few
from blastlint.drafting.sources import slug
from blastlint.drafting.systems import system_row
from blastlint.providers.mcp.clients import host_of
from blastlint.providers.mcp.configuration import servers
from blastlint.providers.mcp.credentials import IN_FILE, held
from blastlint.providers.mcp.words import words_of
from blastlint.providers.recognise import ADDRESSES
from blastlint.reporters.words import count
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.drafting.rows import Draft
    from blastlint.drafting.sources import Source
    from blastlint.providers.mcp.configuration import Server
    from blastlint.providers.mcp.credentials import Held


def configured(source: Source, draft: Draft) -> None:
    """Draft a system and a credential for every server of a configuration."""
    configured_here = servers(source.documents)
    for server in configured_here:
        if server.principal != "client":
            _server(server, source, draft)
    _unasked([one for one in configured_here if one.principal == "client"], source, draft)


def facts(source: Source) -> list[str]:
    """Return what is worth knowing of a configuration as a whole."""
    names = _names(source)
    listed = f": {', '.join(names)}" if names else ""
    return [f"{count(len(source.files), 'file')}, {count(len(names), 'server')}{listed}"]


def _names(source: Source) -> list[str]:
    """Return the ids of the servers that a configuration names, sorted."""
    found = {_id(one) for one in servers(source.documents) if one.principal != "client"}
    return sorted(found)


def _id(server: Server) -> str:
    return slug(server.principal.removeprefix("mcp:").partition("@")[0]) or "server"


def _server(server: Server, source: Source, draft: Draft) -> None:
    name = _id(server)
    draft.put(system_row(name, f"the server {name}: {_how(server)}", draft))
    credential = credential_row(name, draft)
    words = words_of(server.body)
    given = held(server.body, words)
    if words and not given:
        place = _place(source, server)
        draft.programs[name] = f"the client starts {name} itself, without a credential ({place})"
    draft.servers[name] = None
    sure = [one for one in given if one.sure]
    about = tuple(f"is given {one.called}, {one.source}" for one in sure)
    cells = dict(credential.cells)
    if len(sure) == 1 and "@" not in server.principal:
        cells["principal"] = Cell(
            f"{server.principal}/{sure[0].name}", f"{sure[0].called} in {_place(source, server)}"
        )
    draft.put(replace(credential, cells=cells, about=(*credential.about, *about)))
    _notes(name, given, draft)


def _notes(name: str, given: Sequence[Held], draft: Draft) -> None:
    for one in given:
        if one.source == IN_FILE and one.sure:
            draft.note(
                0, f"{name}: the value of {one.called} is {one.source}: move it to a secret store"
            )


def _place(source: Source, server: Server) -> str:
    return source.place(server.at(()))


def _how(server: Server) -> str:
    """Say how a server is reached, without repeating what may be a secret."""
    address = next((str(server.body[key]) for key in ADDRESSES if server.body.get(key)), "")
    if address:
        return f"called at {host_of(address) or 'an address that is not written out'}"
    return (
        "started by the client, as a program of its account"
        if words_of(server.body)
        else "not said how"
    )


def _unasked(clients: Sequence[Server], source: Source, draft: Draft) -> None:
    """Say which clients act without asking anybody."""
    places = [_place(source, one) for one in clients if _is_unasked(one.body)]
    if places:
        text = f"{count(len(places), 'client')} may run any command without asking"
        draft.note(0, f"{text}: {named_few(places)}")


def _is_unasked(body: dict[str, object]) -> bool:
    rights = body.get("permissions")
    mode = rights.get("defaultMode") if isinstance(rights, dict) else None
    return mode == "bypassPermissions" or body.get("sandbox_mode") == "danger-full-access"
