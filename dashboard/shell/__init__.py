"""What every page stands in: address, frame, navigation, theme, titles of settings, widgets, words."""
