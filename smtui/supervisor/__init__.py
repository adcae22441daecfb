"""The supervisor room."""
