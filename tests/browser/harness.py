"""The app as a process, a visitor's browser in front of it, and what to look for on the page."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

from core.engine import engine

ROOT = Path(__file__).parents[2]
AS_SHIPPED = {"OMP_NUM_THREADS": "1", "UNROLLED_LOOK": ""}
"""The environment of an app as readers start it, whatever other tests set."""
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
BROWSER_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    *(
        f"{os.environ[variable]}\\{place}"
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        if variable in os.environ
        for place in ("Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe")
    ),
)


def find_browser() -> str | None:
    """Return the path of an installed Chromium, Chrome or Edge, or nothing."""
    chosen = os.environ.get("UNROLLED_BROWSER")
    found = [chosen] if chosen else [shutil.which(name) for name in BROWSER_NAMES]
    found += [place for place in BROWSER_PLACES if Path(place).exists()]
    return next((path for path in found if path), None)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """The app, running: its address, its cache directory and what it printed."""

    url: str
    home: Path
    log: Path
    process: subprocess.Popen[bytes]


def start_server(home: Path, log: Path, **environment: str) -> Server:
    """Start the app as the README does, headless on a free port, and wait until it is healthy."""
    port = free_port()
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    command += [f"--{name}={value}" for name, value in options.items()]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **AS_SHIPPED, "UNROLLED_HOME": str(home), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the app left with {process.returncode}:\n{log.read_text(errors='replace')}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return Server(url, home, log, process)
        except OSError:
            time.sleep(0.1)
    stop_server(Server(url, home, log, process))
    raise RuntimeError(f"the app was not healthy within a minute:\n{log.read_text(errors='replace')}")


def stop_server(server: Server) -> None:
    """Stop the app and the engine behind it, and wait until they are gone."""
    server.process.terminate()
    try:
        server.process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()
    engine.stop(server.home)


@dataclass
class Watch:
    """What a visitor's pages did that they should not do."""

    url: str
    complaints: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        for event, heard in self._listeners().items():
            page.on(event, heard)

    def leave(self, page: Page) -> None:
        for event, heard in self._listeners().items():
            page.remove_listener(event, heard)

    def _listeners(self) -> dict[str, Callable[..., None]]:
        return {"console": self._heard, "pageerror": self._failed, "request": self._asked}

    def _failed(self, error: Error) -> None:
        self.complaints.append(f"page error: {error}")

    def _heard(self, message: ConsoleMessage) -> None:
        # Streamlit probes these two addresses below a deep link first, is told 404, and goes to the root.
        probe = message.location.get("url", "").endswith(("/_stcore/health", "/_stcore/host-config"))
        if message.type == "error" and not (probe and "404" in message.text):
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("data", "blob"):
            return
        if address.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"asked another host: {request.url}")


class OpenPage(Protocol):
    def __call__(
        self,
        path: str = "",
        *,
        lang: str = "en",
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        **query: str | int | float,
    ) -> Page: ...


def settled(page: Page, timeout: float = 30_000) -> Page:
    """Wait until the page has drawn all it was going to draw; not for pages that tick every second."""
    page.wait_for_timeout(155)  # Streamlit gathers a widget's changes for 150 ms before it runs
    page.wait_for_selector(
        "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]",
        timeout=timeout,
    )
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')",
        timeout=timeout,
    )
    return page


def serious_findings(page: Page) -> list[str]:
    """Return axe's serious and critical findings, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{finding['id']}: {finding['help']}: {node['html'][:160]}"
        for finding in Axe().run(page).response["violations"]
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]
