"""Where results and readers' own texts are stored on this machine."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """Return the directory named by ``UNROLLED_HOME``, or else the user's cache directory.

    The directory may not exist yet.
    """
    named = os.environ.get("UNROLLED_HOME")
    return Path(named).expanduser().absolute() if named else platformdirs.user_cache_path("unrolled", appauthor=False)
