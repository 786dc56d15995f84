"""One file, one page of the app: layout only."""
