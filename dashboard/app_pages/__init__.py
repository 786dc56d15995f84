"""One folder, one page of the app: ``page.py`` is its layout, beside it what that page alone uses."""
