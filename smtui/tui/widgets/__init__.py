"""The panes and lines a screen is made of; none of them knows the store."""
