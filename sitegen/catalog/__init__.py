"""The catalog: what a build knows of the last one, in one SQLite file. A cache; deleting it is always safe."""

from sitegen.catalog.schema import DAMAGE, Catalog, discard_catalog, open_catalog, outside_trouble, take_lock

__all__ = ["DAMAGE", "Catalog", "discard_catalog", "open_catalog", "outside_trouble", "take_lock"]
