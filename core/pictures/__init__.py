"""Pictures that are drawn by programs of ours, with what is in them known."""
