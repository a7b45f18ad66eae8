"""Names opened one by one, each from the handle of the directory before it: no link is followed."""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_SAFE = _READ | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_DRAFT = os.O_WRONLY | os.O_CREAT | os.O_EXCL | (_SAFE & ~os.O_RDONLY)
HANDLES = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Whether a name can be opened from its directory's handle, so that nothing changes in between."""


def open_by_handles(directory: str, parts: Sequence[str], last: int = 0) -> int:
    """Open a file name by name, each from the handle of the directory before it.

    Args:
        directory: where to start.
        parts: the names.
        last: a further flag for the last one.
    """
    here = os.open(directory or ".", _READ | os.O_DIRECTORY)
    for index, part in enumerate(parts):
        flags = _SAFE | (last if index == len(parts) - 1 else os.O_DIRECTORY)
        try:
            there = os.open(part, flags, dir_fd=here)
        finally:
            os.close(here)
        here = there
    return here


def open_by_names(directory: str, parts: Sequence[str]) -> int:
    """Open a file where directories have no handles: look at every name, open, look again."""
    path = directory or "."
    for part in parts:
        path = f"{path}/{part}"
        found = os.lstat(path)
        if is_link(found):
            raise OSError(errno.ELOOP, "is a link")
    if not stat.S_ISREG(found.st_mode):
        raise (
            IsADirectoryError(errno.EISDIR, "")
            if stat.S_ISDIR(found.st_mode)
            else OSError(errno.ENXIO, "is not a regular file")
        )
    handle = os.open(path, _SAFE)
    opened = os.fstat(handle)
    if (opened.st_dev, opened.st_ino) != (found.st_dev, found.st_ino):
        os.close(handle)
        raise OSError(errno.ELOOP, "it changed while it was opened")
    return handle


def replace_file(directory: str, parts: Sequence[str], data: bytes) -> None:
    """Put a new file in the place of a regular one, with its mode, or leave that as it is."""
    opened = open_by_handles if HANDLES else open_by_names
    old = opened(directory, parts)
    try:
        found = os.fstat(old)
    finally:
        os.close(old)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.ENXIO, "is not a regular file")
    draft = f"{parts[-1]}.{os.getpid()}.part"
    if not HANDLES:
        folder = "/".join((directory or ".", *parts[:-1]))
        _swap(f"{folder}/{draft}", f"{folder}/{parts[-1]}", data, found.st_mode, None)
        return
    above = _open_folder(directory, parts[:-1])
    try:
        _swap(draft, parts[-1], data, found.st_mode, above)
    finally:
        os.close(above)


def _swap(draft: str, name: str, data: bytes, mode: int, folder: int | None) -> None:
    """Write a draft and give it a file's name; names are those in the folder, if there is one."""
    handle = os.open(draft, _DRAFT, 0o600, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
            os.chmod(handle if os.chmod in os.supports_fd else draft, stat.S_IMODE(mode))
        os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(draft, dir_fd=folder)
        raise


def _open_folder(directory: str, parts: Sequence[str]) -> int:
    """Return the handle of a directory, reached through no link below the first one."""
    if parts:
        return open_by_handles(directory, parts, last=os.O_DIRECTORY)
    return os.open(directory or ".", _READ | os.O_DIRECTORY)


def is_link(found: os.stat_result) -> bool:
    """Whether a name leads elsewhere: a symbolic link, or what Windows has like it."""
    reparse = getattr(found, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT
    return stat.S_ISLNK(found.st_mode) or bool(reparse)
