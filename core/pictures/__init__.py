"""Pictures that are drawn by a program, so that what is in them is known."""
