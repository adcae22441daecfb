"""The screens and boxes of the app."""
