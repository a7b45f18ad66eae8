"""OAuth scopes: what a token may at most do, from the answer that gave it or told of it.

Read are a token response (RFC 6749), an introspection (RFC 7662), Google's token information and
stored credentials, the claims by which a service account of Google's asks for a user's token, an
Apps Script manifest, a Slack manifest or installation, and a plain list of scopes. A scope is an
upper bound: nobody may more than the user or bot behind it.

Principals: `bot/APP` and `user/APP` for Slack (its id, else its name), an e-mail address where one
is stated, `client/ID`, else `token`; `domain/NAME` is any user of that domain. A grant's resource
is the scope, its action the effect.
"""

from __future__ import annotations

import re

from blastlint.providers.grants import UNSTATED, Becoming, Grant, Granted, Unresolved
from blastlint.providers.oauth.catalogue import are_slacks, covers, effects_of, openings
from blastlint.providers.quiet import is_issued
from blastlint.providers.recognise import advice
from blastlint.source import EVIDENCE, InputError, Problem, parse
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Effect, Setting
    from blastlint.providers.oauth.catalogue import Opening
    from blastlint.source import Document, Location

    Path = tuple[str | int, ...]

_LIMITS = replace(
    EVIDENCE,
    quotable=frozenset(
        {
            *("scope", "scopes", "oauthScopes", "oauth_config", "active"),
            *("bot", "user", "bot_optional", "user_optional"),
        }
    ),
)
"""Of lines, only those are repeated that say which scopes there are."""
LINES = (".json", ".txt", ".yaml", ".yml")
"""Files of a folder that are read; as lines, for their tokens are not to be quoted."""
_SCOPE = re.compile(r"[\w\[\]!#%&*+,./:=?@^|~-]{1,200}", re.ASCII)
"""What a scope may be (RFC 6749), but for signs that no issuer uses and other texts are full of."""
_USER = "as far as the user who agreed may"
_SERVICE = "as far as this service account may"
_DELEGATED = "whether this service account may act for users of its domain"
_ANY_USER = "as far as the user that it acts for may, and the administrator of {} lets it"
_LASTING = "until it is revoked: it can be renewed"
_SERVICE_ACCOUNT = ".gserviceaccount.com"
_OPTIONAL = "if whoever installs it agrees"
_SLACK_KEYS = ("oauth_config", "bot_user_id", "app_id", "authed_user", "team", "enterprise")
_TAKEN = ("scope", "scopes", "oauthScopes")


@dataclass(frozen=True, slots=True)
class _Given:
    """Scopes that one principal was given."""

    principal: str
    scopes: tuple[tuple[str, Path], ...]
    """Each with its place."""
    condition: str
    is_slack: bool = False
    bot: bool = False
    needs: str = ""


def read(documents: Sequence[Document], setting: Setting = UNSTATED, /) -> Granted:
    """What the scopes in all documents open.

    Args:
        documents: Answers, manifests and lists, each as lines, for they may hold tokens.
        setting: The system whose scopes they are.
    """
    reading = _Reading(setting.system)
    for document in documents:
        reading.read(document)
    if reading.problems:
        raise InputError(*reading.problems)
    return Granted(
        grants=tuple(reading.grants),
        becomings=tuple(reading.becomings),
        unresolved=tuple(reading.unresolved),
        principals=tuple(sorted(reading.principals)),
    )


def effect(resource: str, action: str) -> Effect:
    """The action, which is an effect, if the scope is known to have it."""
    return next((one for one in effects_of(resource) if one == action), "unknown")


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:  # noqa: ARG001 -- a provider's signature
    """Whether one scope opens all that another one does."""
    return covers(granted, needed)


class _Reading:
    """What was found so far, and what is wrong."""

    def __init__(self, system: str) -> None:
        self.system = system
        self.grants: list[Grant] = []
        self.becomings: list[Becoming] = []
        self.unresolved: list[Unresolved] = []
        self.problems: list[Problem] = []
        self.principals: set[str] = set()

    def read(self, lines: Document) -> None:
        """Take in a file that is given as lines."""
        try:
            text = "\n".join(lines.value).encode("utf-8", "replace")
            found = parse(text, lines.file, _LIMITS)
        except InputError as error:
            self.problems += error.problems
            return
        for document in found:
            self.take_in(document)
        if not found:
            self._refuse(lines, None)

    def take_in(self, document: Document) -> None:
        """Take in what one document says."""
        value = document.value
        if isinstance(value, dict):
            self._answer(document, value)
        elif _is_list(value) and not advice(value, "oauth-scopes"):
            self._give(document, _Given("token", self._list(document, value, ()), _USER))
        else:
            self._refuse(document, value)

    def _refuse(self, document: Document, value: object) -> None:
        help_ = advice(value, "oauth-scopes") or "give the answer that lists the token's scopes"
        self._say(document, (), "no scopes that were granted stand here", help_)

    # --- shapes ---------------------------------------------------------------------------------

    def _answer(self, document: Document, value: dict[str, object]) -> None:
        manifest = value.get("oauth_config")
        if value.get("active") is False:
            who = _principal(value)
            self._open(
                document,
                ("active",),
                who,
                "the token is not active: what a new one may do is not told",
            )
        elif isinstance(manifest, dict):
            self._slack_manifest(document, value, manifest)
        elif value.keys() & {"authed_user", "bot_user_id"}:
            self._slack_installation(document, value)
        elif value.keys() & {"scopes_supported", "error"}:
            said = (
                "an error"
                if "error" in value
                else "the scopes that a server offers, not those that were granted"
            )
            self._say(
                document, (), f"this is {said}", "give the answer that lists the token's scopes"
            )
        elif value.keys() & {*_TAKEN, "active", "access_token", "azp"}:
            self._token(document, value)
        else:
            self._refuse(document, value)

    def _slack_manifest(
        self, document: Document, value: dict[str, object], manifest: dict[str, object]
    ) -> None:
        scopes = manifest.get("scopes")
        rows = scopes if isinstance(scopes, dict) else {}
        about = value.get("display_information")
        name = about.get("name") if isinstance(about, dict) else None
        who = name if isinstance(name, str) and name else "app"
        if scopes is not None and scopes is not rows:
            self._say(document, ("oauth_config", "scopes"), "expected a map with bot and user")
        for key, given in rows.items():
            at: Path = ("oauth_config", "scopes", key)
            kind, _, optional = key.partition("_")
            if kind not in {"bot", "user"} or optional not in {"", "optional"}:
                self._say(
                    document,
                    at,
                    f"'{key[:40]}' is no kind of scopes",
                    "bot, user, bot_optional or user_optional",
                )
                continue
            limit = f" and {_OPTIONAL}" if optional else ""
            found = self._list(document, given, at)
            self._give(document, _slack(kind, who, found, limit))

    def _slack_installation(self, document: Document, value: dict[str, object]) -> None:
        who = value.get("app_id")
        name = who if isinstance(who, str) and who else "app"
        if value.get("scope"):
            kind = "user" if value.get("token_type") == "user" else "bot"
            self._give(
                document, _slack(kind, name, self._list(document, value["scope"], ("scope",)), "")
            )
        user = value.get("authed_user")
        scopes = user.get("scope") if isinstance(user, dict) else None
        if not value.get("scope") and not scopes:
            self._open(document, (), f"bot/{name}", "the answer does not say which scopes it has")
        if isinstance(user, dict) and scopes:
            at: Path = ("authed_user", "scope")
            self._give(document, _slack("user", name, self._list(document, user["scope"], at), ""))

    def _token(self, document: Document, value: dict[str, object]) -> None:
        key = next((key for key in _TAKEN if value.get(key) is not None), "")
        who = _principal(value)
        self.principals.add(who)
        if not key:
            self._open(document, (), who, "the answer does not say which scopes the token has")
            return
        self._give(document, self._granted(document, value, who, key))

    def _granted(self, document: Document, value: dict[str, object], who: str, key: str) -> _Given:
        """What a token is for; with a user to act for, it is for every user of that domain."""
        scopes = self._list(document, value[key], (key,))
        service, domain = who.endswith(_SERVICE_ACCOUNT), _domain(value)
        if service and domain:
            via = f"asks for tokens of any user of {domain} (domain-wide delegation)"
            anybody = f"domain/{domain}"
            place = _place(document, (key,))
            self.becomings.append(Becoming(who, anybody, via, place, "conditional"))
            return _Given(anybody, scopes, _ANY_USER.format(domain))
        if service:
            return _Given(who, scopes, _SERVICE, needs=_DELEGATED)
        lasting = _is_lasting(value, [scope for scope, _ in scopes])
        condition = f"{_USER}; {_LASTING}" if lasting else _USER
        return _Given(who, scopes, condition, is_slack=bool(value.keys() & set(_SLACK_KEYS)))

    def _list(self, document: Document, value: object, at: Path) -> tuple[tuple[str, Path], ...]:
        """The scopes of a text or list, or of a map of lists, each once."""
        found: dict[str, Path] = {}
        if isinstance(value, str):
            found = dict.fromkeys(filter(None, re.split(r"[\s,]+", value)), at)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, str) and one.strip():
                    found.setdefault(one.strip(), (*at, index))
                else:
                    self._say(document, (*at, index), "expected a scope, a text")
        elif isinstance(value, dict):
            for key, inner in value.items():
                found = {**dict(self._list(document, inner, (*at, key))), **found}
        elif value is not None:
            self._say(document, at, "expected scopes, a text or a list")
        return tuple(self._clean(document, found))

    def _clean(self, document: Document, found: dict[str, Path]) -> Iterator[tuple[str, Path]]:
        for scope, at in found.items():
            if is_issued(scope):
                self._say(document, at, "this looks like a secret, not like a scope", "take it out")
            elif "{{" in scope or "${" in scope:
                message = "this looks like a template that has not been rendered"
                self._say(document, at, message, "render it first and name the result")
            elif not _SCOPE.fullmatch(scope):
                self._say(
                    document, at, "this is no scope", "a scope has no spaces, quotes or brackets"
                )
            else:
                yield scope, at

    # --- what is collected ----------------------------------------------------------------------

    def _give(self, document: Document, given: _Given) -> None:
        self.principals.add(given.principal)
        theirs = given.is_slack or are_slacks(scope for scope, _ in given.scopes)
        for scope, at in given.scopes:
            place = _place(document, at)
            known = openings(scope, is_slack=theirs)
            for one in known:
                self.grants.append(self._grant(given, scope, one, place))
            if not known:
                self.grants.append(self._unknown(given, scope, place))

    def _grant(self, given: _Given, scope: str, one: Opening, place: Location) -> Grant:
        where = "in the conversations that it is in" if given.bot and one.conversations else ""
        condition = "; ".join(filter(None, (given.condition, where, one.limit)))
        needs = one.needs or given.needs
        return Grant(
            holder=given.principal,
            system=self.system,
            scope="",
            resource=scope,
            action=one.effect,
            effect=one.effect,
            location=place,
            condition=condition,
            certainty="needs-fact" if needs else "conditional",
            needs=needs,
        )

    def _unknown(self, given: _Given, scope: str, place: Location) -> Grant:
        return Grant(
            holder=given.principal,
            system=self.system,
            scope="",
            resource=scope,
            action="*",
            effect="unknown",
            location=place,
            condition=given.condition,
            certainty="needs-fact",
            needs="what this scope opens: it is not in the catalogues of Google and Slack",
        )

    def _open(self, document: Document, at: Path, who: str, why: str) -> None:
        self.principals.add(who)
        self.unresolved.append(Unresolved(f"{who}: {why}", _place(document, at), (who,)))

    def _say(self, document: Document, at: Path, message: str, help_: str = "") -> None:
        self.problems.append(Problem(message, _place(document, at), help_))


def _is_list(value: object) -> bool:
    """Whether a value may be a plain list of scopes; in a text, one of them must look like one."""
    if not isinstance(value, str):
        return isinstance(value, list) and bool(value)
    words = filter(None, re.split(r"[\s,]+", value))
    return any(
        re.search("[:./]", word) or openings(word, is_slack=True) or is_issued(word)
        for word in words
    )


def _slack(kind: str, name: str, scopes: tuple[tuple[str, Path], ...], limit: str) -> _Given:
    whose = "as far as the workspace lets the bot" if kind == "bot" else _USER
    return _Given(f"{kind}/{name}", scopes, f"{whose}{limit}", is_slack=True, bot=kind == "bot")


def _principal(value: dict[str, object]) -> str:
    """Whom a token is for, as far as the answer tells."""
    issuer = value.get("iss")
    if isinstance(issuer, str) and issuer.endswith(_SERVICE_ACCOUNT):
        return issuer
    for key, prefix in (
        ("email", ""),
        ("username", ""),
        ("client_id", "client/"),
        ("azp", "client/"),
    ):
        name = value.get(key)
        if isinstance(name, str) and name:
            return f"{prefix}{name}"
    return "token"


def _domain(value: dict[str, object]) -> str:
    """The domain of the user whom a service account asks to act for; empty if it names none."""
    user = value.get("sub", value.get("subject"))
    name, _, domain = user.rpartition("@") if isinstance(user, str) else ("", "", "")
    return domain.lower() if name and not domain.endswith(_SERVICE_ACCOUNT.lstrip(".")) else ""


def _is_lasting(value: dict[str, object], scopes: Sequence[str]) -> bool:
    """Whether new tokens can be had without asking the user again."""
    renewed = value.get("refresh_token") or value.get("access_type") == "offline"
    return bool(renewed) or "offline_access" in scopes


def _place(document: Document, at: Path) -> Location:
    """A place, without its line where a secret stands in the place of a scope."""
    place = document.at(at)
    words = re.split(r"[\s\"',]+", place.text)
    return replace(place, text="") if any(map(is_issued, words)) else place
