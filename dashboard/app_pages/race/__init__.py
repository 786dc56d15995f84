"""The page *Race* and what it alone uses."""
