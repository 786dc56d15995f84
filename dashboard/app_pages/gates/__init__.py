"""The page *Gates* and what it alone uses."""
