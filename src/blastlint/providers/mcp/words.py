"""The command line of a configured server: its words, what starts it, and what a container sees."""

from __future__ import annotations

import re
import shlex

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.mcp.configuration import Path

NAMING = frozenset({"-e", "--env"})
"""Options that name a variable, or give it a value (`docker run -e NAME`)."""
HEADER_OPTIONS = frozenset({"-H", "--header"})
CONTAINERS = frozenset({"docker", "podman", "nerdctl", "container"})
FETCHERS = frozenset({"npx", "bunx", "uvx", "dnx", "pipx", "pnpx"})
"""Programs that fetch the package they run."""
_TWO_WORDS = {
    "bun": ("x",),
    "dotnet": ("dnx",),
    "go": ("run",),
    "npm": ("exec", "x"),
    "pnpm": ("dlx",),
    "uv": ("tool", "x"),
    "yarn": ("dlx",),
}
"""Programs that fetch a package if this word comes next."""
_PINNED = re.compile(r".+(@|==)v?\d+(\.\d+)+[\w.+-]*|.+@sha256:[0-9a-f]{64}")
_WITH_VALUE = frozenset(
    {"--from", "--package", "-p", "--registry", "--python", "--with", "-c", "--call"}
)
_LOGIN_FOLDERS = (".aws", ".azure", ".config/gcloud", ".config/gh", ".docker", ".kube", ".ssh")
_WHOLE_HOST = re.compile(
    r"/|~|\$HOME|\$\{(env:)?HOME\}|\$\{userHome\}|/root|(/home|/Users|[A-Z]:/Users)(/[^/]+)?|[A-Z]:"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command line."""

    text: str
    path: Path
    """Where it stands in the server's entry."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A part of the host that a container sees."""

    what: str
    """In words; the folder itself only if it is a well-known one."""
    path: Path
    """Where it stands."""
    whole: bool = True
    """Whether it gives the whole host."""


def words_of(body: dict[str, object]) -> tuple[Word, ...]:
    """The command and its arguments; a command line in one text is taken apart."""
    found: list[Word] = []
    for key in ("command", "args"):
        value = body.get(key)
        if isinstance(value, list):
            found += (Word(str(item), (key, i)) for i, item in enumerate(value))
        elif isinstance(value, str):
            found += (Word(text, (key,)) for text in _split(value, whole=bool(body.get("args"))))
        elif isinstance(value, dict):  # Zed: {path, args, env}
            found += (_below(word, key) for word in words_of(_renamed(value)))
    return tuple(_without_shell(found))


def _below(word: Word, key: str) -> Word:
    """The word below a key; `command` inside it is written `path`."""
    first, *rest = word.path
    return Word(word.text, (key, "path" if first == "command" else first, *rest))


def _renamed(value: dict[str, object]) -> dict[str, object]:
    return {"command": value.get("path"), "args": value.get("args")}


def _split(line: str, *, whole: bool = False) -> list[str]:
    """The words of a command line; a program beside arguments may be a path with spaces."""
    if whole and re.match(r"([a-zA-Z]:)?[\\/]", line):
        return [line]
    try:
        return shlex.split(line.replace("\\", "\\\\"))
    except ValueError:  # a quote that is not closed
        return line.split()


def _without_shell(words: list[Word]) -> list[Word]:
    """The words of what a shell is told to run, and without `env NAME=VALUE`."""
    name = program(words)
    if name in {"sh", "bash", "zsh"} and len(words) > 2 and words[1].text in {"-c", "-lc"}:  # noqa: PLR2004 -- shell, option, line
        inner = [Word(text, words[2].path) for text in _split(words[2].text)]
        return _without_shell(inner)
    if name == "cmd" and len(words) > 1 and words[1].text.lower() == "/c":
        return _without_shell(words[2:])
    return _assigned(words) if name == "env" or _is_assignment(words[:1]) else words


def _assigned(words: list[Word]) -> list[Word]:
    """`env A=b npx …`, as if its assignments were given by an option after the program."""
    rest = words[1:] if program(words) == "env" else words
    given = [word for word in rest if _is_assignment([word])]
    others = [word for word in rest if not _is_assignment([word])]
    options = [Word(f"--env={word.text}", word.path) for word in given]
    return [*others[:1], *options, *others[1:]]


def _is_assignment(words: Sequence[Word]) -> bool:
    return any(re.match(r"[A-Za-z_]\w*=", word.text) for word in words)


def program(words: Sequence[Word]) -> str:
    """Name of the program, without folder and suffix; only ever compared, never shown."""
    first = re.split(r"[\\/]", words[0].text)[-1] if words else ""
    return re.sub(r"(?i)\.(exe|cmd|bat)$", "", first).lower()


def option_of(word: str) -> tuple[str, str]:
    """The option that a word is, and the value after its `=`; two empty texts if it is none."""
    if not word.startswith("-"):
        return "", ""
    option, _, value = word.partition("=")
    return option, value


def fetcher(words: Sequence[Word]) -> str:
    """The program that fetches a package to run, if no exact version of it is written."""
    name = program(words)
    start = 1
    if name not in FETCHERS:
        if len(words) < 2 or words[1].text not in _TWO_WORDS.get(name, ()):  # noqa: PLR2004 -- two words
            return ""
        start = 2
    package = next(_operands(words[start:]), "")
    return "" if _PINNED.fullmatch(package) else name


def _operands(words: Sequence[Word]) -> Iterator[str]:
    """The words that are no options; the package that an option names comes first."""
    texts = [word.text for word in words if word.text != "run"]
    for index, text in enumerate(texts):
        option, value = option_of(text)
        if option in {"--from", "--package", "-p"}:
            yield value or "".join(texts[index + 1 : index + 2])
    skipped = {index + 1 for index, text in enumerate(texts) if text in _WITH_VALUE}
    yield from (t for i, t in enumerate(texts) if not t.startswith("-") and i not in skipped)


def mounts(words: Sequence[Word]) -> Iterator[Mount]:
    """What of the host a container is given."""
    for index, word in enumerate(words):
        option, value = option_of(word.text)
        given = value or (words[index + 1].text if index + 1 < len(words) else "")
        if option == "--privileged":
            yield Mount("the whole machine, as it runs privileged", word.path)
        elif option in {"-v", "--volume"}:
            yield from _mount(
                given.rsplit(":", 2 if given.endswith((":ro", ":rw")) else 1)[0], word
            )
        elif option == "--mount" and "type=volume" not in given:
            source = re.search(r"(?:source|src)=([^,]*)", given)
            yield from _mount(source[1] if source else "?", word)


def _mount(source: str, word: Word) -> Iterator[Mount]:
    folder = source.replace("\\", "/").rstrip("/") or "/"
    if folder.endswith("docker.sock"):
        yield Mount("the whole machine, through the socket of Docker", word.path)
    elif _WHOLE_HOST.fullmatch(folder):
        yield Mount("the home folder or all files", word.path)
    elif "/" in folder or folder.startswith((".", "~", "$")):
        known = next((name for name in _LOGIN_FOLDERS if f"/{name}" in folder), "")
        what = f"the logins in ~/{known}" if known else "a folder of the machine"
        yield Mount(what, word.path, whole=False)
