"""The reader's own text, which is checked, stored under the hash of its content, and found again by that name.

No markup is interpreted: HTML, Markdown, LaTeX, right-to-left and combining characters stay as they are.
"""

import codecs
import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path

from core.home import home
from core.texts import AboutText, TextUnavailable

ABOUT = AboutText(concepts=None, source="the reader", licence="the reader's own", everywhere=False)

SHORTEST_TEXT = 200  # characters
LARGEST = 2**20  # bytes, as many as the page accepts in an upload
KEPT = 256 * LARGEST  # bytes of all own texts together; beyond it, the least recently used are removed

_NAME = re.compile(r"own-[0-9a-f]{32}")
_LINE_END = re.compile(r"\r\n?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character: no encoding has it
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")


class OwnTextError(ValueError):
    """A text that cannot be trained on.

    Attributes
    ----------
    reason
        A code that the page has a sentence for, one of those below.
    values
        The values to fill into the sentence.

    Notes
    -----
    The reasons, each with its values. Positions count from 0.

    - empty
    - short: characters, shortest
    - large: bytes, largest
    - binary: position, code
    - encoding: position, byte
    - uniform: symbol
    - unwritable: directory
    """

    def __init__(self, reason: str, values: dict[str, int | str]) -> None:
        super().__init__(reason, values)
        self.reason, self.values = reason, values

    def __str__(self) -> str:
        return ", ".join([f"the text is refused: {self.reason}", *(f"{k} {v!r}" for k, v in self.values.items())])


def is_name(name: str) -> bool:
    """Return whether ``name`` is one that ``keep`` gives."""
    return _NAME.fullmatch(name) is not None


def parse(raw: bytes | str) -> str:
    r"""Return the characters of ``raw``, with each line end as ``\n`` and without a byte order mark.

    Parameters
    ----------
    raw
        Pasted characters, or the bytes of a file in UTF-8, with or without a byte order mark, or in UTF-16 with one.

    Raises
    ------
    OwnTextError
        If the text cannot be trained on.
    """
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        raise OwnTextError("large", {"bytes": size, "largest": LARGEST})
    text = _LINE_END.sub("\n", _decode(raw) if isinstance(raw, bytes) else raw).removeprefix("\ufeff")
    content = text.strip()
    if not content:
        raise OwnTextError("empty", {})
    control = _CONTROL.search(text)
    if control:
        raise OwnTextError("binary", {"position": control.start(), "code": ord(control[0])})
    alone = _SURROGATE.search(text)
    if alone:
        raise OwnTextError("encoding", {"position": alone.start(), "byte": f"{ord(alone[0]):04x}"})
    if len(text) < SHORTEST_TEXT:
        raise OwnTextError("short", {"characters": len(text), "shortest": SHORTEST_TEXT})
    if len(set(content)) < 2:
        raise OwnTextError("uniform", {"symbol": content[0]})
    return text


def keep(text: str) -> str:
    """Store a parsed text where ``load`` finds it, either whole or not at all.

    Returns
    -------
    str
        Its name: ``own-`` and 32 hex digits.

    Raises
    ------
    OwnTextError
        If the directory cannot be written to, with the reason unwritable.
    """
    content = text.encode("utf-8")
    name = _name(content)
    path = _path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() == content:
            os.utime(path)
        else:
            _write(path, content)
            _make_room(path)
    except OSError as error:
        raise OwnTextError("unwritable", {"directory": str(path.parent)}) from error
    return name


def load(name: str) -> str:
    """Return the text that ``keep`` gave this name.

    Raises
    ------
    TextUnavailable
        If this machine does not have it (missing), or if its content has another hash (damaged).
    """
    if not is_name(name):
        raise TextUnavailable(name, "missing")
    path = _path(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TextUnavailable(name, "missing") from error
    if _name(content) != name:
        raise TextUnavailable(name, "damaged")
    with contextlib.suppress(OSError):  # a directory that cannot be written to can still be read
        os.utime(path)  # marks it as used, so that it is removed last
    return content.decode("utf-8")


def _decode(raw: bytes) -> str:
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not wide and 0 in raw:  # first, because a picture is in no encoding
        raise OwnTextError("binary", {"position": raw.index(0), "code": 0})
    try:
        return raw.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        wrong = {"position": error.start, "byte": f"{raw[error.start]:02x}"}
        raise OwnTextError("encoding", wrong) from error  # type: ignore[arg-type]


def _name(content: bytes) -> str:
    return "own-" + hashlib.sha256(content).hexdigest()[:32]


def _path(name: str) -> Path:
    return home() / "texts" / f"{name}.txt"


def _write(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _make_room(newest: Path) -> None:
    """Remove the least recently used texts until the rest fits, but never the one just written."""
    kept: list[tuple[float, int, Path]] = []
    for path in newest.parent.glob("own-*.txt"):
        try:
            kept.append((path.stat().st_mtime, path.stat().st_size, path))
        except FileNotFoundError:  # another process made room
            continue
    size = sum(one[1] for one in kept)
    for _, bytes_of_it, path in sorted(kept):
        if size <= KEPT:
            break
        if path != newest:
            path.unlink(missing_ok=True)
            size -= bytes_of_it
