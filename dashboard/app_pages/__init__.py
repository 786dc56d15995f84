"""One folder for each page of the app: ``page.py`` is its layout, the other files are used by that page alone."""
