"""All families, by name. A file holds the families of one group."""
from family import FAMILIES
from families import dicts, lists, numbers, parsing, rewriting, searching, sorting, strings  # noqa: F401

__all__ = ["FAMILIES"]
