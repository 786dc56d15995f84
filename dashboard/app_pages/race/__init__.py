"""The page *Race* and the modules that only it uses."""
