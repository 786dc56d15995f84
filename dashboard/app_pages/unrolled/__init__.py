"""The page *Unrolled* and what it alone uses."""
