"""Idempotency keys: same cause, same key, whatever was forgotten between."""

import hashlib

__all__ = ["key_of"]


def key_of(*parts: object) -> str:
    """Return an idempotency key: first 32 hex digits of the parts' sha256."""
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
