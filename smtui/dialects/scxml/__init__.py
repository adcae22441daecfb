"""The dialect of the W3C: SCXML 1.0 documents."""

from smtui.dialects.scxml.document import fetch_beside, read_scxml

__all__ = ["fetch_beside", "read_scxml"]
