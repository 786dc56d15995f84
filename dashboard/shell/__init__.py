"""What every page stands in: address, frame, navigation, words, titles of settings, widgets, theme."""
