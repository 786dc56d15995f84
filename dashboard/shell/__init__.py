"""What all pages share: address, frame, navigation, theme, titles of settings, widgets, words."""
