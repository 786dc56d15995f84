"""The page *Hidden units* and the modules that only it uses."""
