"""A figure with its title, caption, alternative text and table; and worked equations."""
