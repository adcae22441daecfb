"""The view room: what the operator sees, as values.

Pure: messages and rows in, lines out. No clock, no file, no widget; charts
come as values. What a style's name looks like is the business of the tui.
"""
