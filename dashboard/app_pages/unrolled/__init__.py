"""The page *Unrolled* and the modules that only it uses."""
