"""The alphabet, again and again, each time from another letter."""

import string

from core.texts import AboutText, texts

ABOUT = AboutText(concepts=None, source="generated here", licence="MIT")


@texts.register
def read(length: int, seed: int) -> str:
    """Exactly ``length`` characters."""
    letters = string.ascii_lowercase + " "
    return "".join(letters[(seed + place * (1 + place // 500)) % len(letters)] for place in range(length))
