"""Where results and readers' own texts stay on this machine."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """The directory named by ``UNROLLED_HOME``, else the user's cache directory; it need not exist yet."""
    named = os.environ.get("UNROLLED_HOME")
    return Path(named).expanduser().absolute() if named else platformdirs.user_cache_path("unrolled", appauthor=False)
