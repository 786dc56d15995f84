"""The page *Hidden units* and what it alone uses."""
