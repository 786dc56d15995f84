"""The app as a process, and a visitor who speaks Streamlit's protocol without the work of a browser."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

from benchmarks.changes import Change, change_of

ROOT = Path(__file__).parents[1]
OURS = ROOT / "streamlit_app.py"
BARE = 'import streamlit as st\nst.title("A page")\nst.line_chart([1, 2, 3])\nst.button("Press")\n'
PATIENCE = 120.0
HELD_MESSAGES = 16


@dataclass(frozen=True)
class Server:
    """A Streamlit server: its process, port and cache directory, and the seconds from launch until it was healthy."""

    process: subprocess.Popen[bytes]
    port: int
    home: Path
    healthy_after: float

    @property
    def processor_seconds(self) -> float:
        """Processor seconds of the server so far, over all threads, without its children, where the engine trains."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


@contextmanager
def serving(script: Path = OURS, environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
    """Run ``script`` as a reader would, headless on a free port, with an empty cache directory, while in the block."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory) / "home"
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
        command += [f"--server.port={port}", "--server.address=127.0.0.1"]
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "UNROLLED_HOME": str(home), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        try:
            while not _healthy(port):
                if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    raise RuntimeError(f"{script.name} did not become healthy")
                time.sleep(0.01)
            yield Server(process, port, home, time.perf_counter() - begun)
        finally:
            _end(process)


@contextmanager
def bare_page() -> Iterator[Path]:
    """Write a script with a title, a chart and a button: the least that a Streamlit page costs."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "bare.py"
        path.write_text(BARE, encoding="utf-8")
        yield path


@dataclass
class Visitor:
    """One tab: sends what a browser would send, and keeps what a browser would keep.

    query : the query in the address; the page changes it
    buttons : ids of the buttons on the page
    beats : by id of a fragment, the seconds after which it asks to be run again
    words : the line above the progress bar in the last run; empty if there was none
    changes : by id of a widget, how a reader can change it
    """

    server: Server
    page: str = ""
    query: str = ""
    buttons: set[str] = field(default_factory=set)
    beats: dict[str, float] = field(default_factory=dict)
    words: str = ""
    changes: dict[str, Change] = field(default_factory=dict)

    def __enter__(self) -> "Visitor":
        self._script = self._session = ""
        self._fragments: dict[str, str] = {}
        self._held: dict[str, ForwardMsg] = {}
        self._connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def reconnect(self) -> None:
        """Close the connection, and come back to the same session as a browser does."""
        self._closing.close()
        self._connect()

    def run(self, press: str = "", fragment: str = "", change: tuple[str, int] | None = None) -> float:
        """Ask for a run of the page or of one fragment, perhaps after a change, and return the seconds until it ended.

        press : the end of the key of a button to press
        change : the id of a widget, and the number of the change
        """
        state = self._asked(fragment)
        if press:
            state.rerun_script.widget_states.widgets.append(WidgetState(id=self.button(press), trigger_value=True))
        if change:
            state.rerun_script.widget_states.widgets.append(self.changes[change[0]](change[1]))
            state.rerun_script.fragment_id = fragment = self._fragments.get(change[0], "")
        begun = time.perf_counter()
        self._socket.send(state.SerializeToString())
        self.words, whole = "", not fragment
        while True:
            message = self._received()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._session = message.new_session.initialize.session_id
                if whole:
                    for known in (self.buttons, self.changes, self.beats, self._fragments):  # all is redrawn
                        known.clear()
            elif kind == "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return time.perf_counter() - begun
                whole = True  # a fragment asked for the whole page to be redrawn
            else:
                self._heed(message)

    def button(self, key: str) -> str:
        """Return the id of the button whose key ends with ``key``. Raises RuntimeError unless there is exactly one."""
        found = [one for one in self.buttons if one.endswith(f"-{key}")]
        if len(found) != 1:
            raise RuntimeError(f"{len(found)} buttons end with {key!r} on the page {self.page!r}: {self.buttons}")
        return found[0]

    def processor_time(self, runs: int, fragment: str = "") -> float:
        """Return the server's processor seconds for one run of the page or of a fragment: the mean of ``runs`` runs."""
        before = self.server.processor_seconds
        for _ in range(runs):
            self.run(fragment=fragment)
        return (self.server.processor_seconds - before) / runs

    def _connect(self) -> None:
        address = f"ws://127.0.0.1:{self.server.port}/_stcore/stream"
        names = ["streamlit", "no-token", self._session] if self._session else ["streamlit"]
        self._closing = ExitStack()
        connection = connect(address, subprotocols=names, max_size=None)  # type: ignore[arg-type]
        self._socket = self._closing.enter_context(connection)

    def _asked(self, fragment: str) -> BackMsg:
        for oldest in list(self._held)[:-HELD_MESSAGES]:  # only between runs: a run may refer to any of them
            del self._held[oldest]
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_name, state.page_script_hash = self.query, self.page, self._script
        state.fragment_id, state.is_auto_rerun = fragment, bool(fragment)
        state.cached_message_hashes.extend(self._held)
        return asked

    def _received(self) -> ForwardMsg:
        """Return the next message. A large one is sent once, then named by its hash: browsers keep the last of them."""
        message = ForwardMsg.FromString(self._socket.recv(timeout=PATIENCE))  # type: ignore[arg-type]
        if message.WhichOneof("type") == "ref_hash":
            message = self._held.pop(message.ref_hash)
        if message.metadata.cacheable:
            self._held[message.hash] = message
        return message

    def _heed(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "navigation":
                self._script = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun":
                self.beats[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "stop_auto_rerun":
                self.beats.clear()
            case "delta":
                self._see(message)

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "button":
                self.buttons.add(element.button.id)
            case "progress":
                self.words = element.progress.text
            case "exception":
                raise RuntimeError(f"the page failed: {element.exception.message}")
        found = change_of(element)
        if found:
            self.changes[found[0]] = found[1]
            self._fragments[found[0]] = message.delta.fragment_id


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the server and what it started."""
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in children:
        if child.is_running():
            child.terminate()
    psutil.wait_procs(children, timeout=10)
