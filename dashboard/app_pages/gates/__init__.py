"""The page *Gates* and the modules that only it uses."""
