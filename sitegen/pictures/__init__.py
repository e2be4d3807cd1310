"""Pictures that lie beside the articles: how they are published, and under which names."""

from sitegen.pictures.looking import PictureFile, PictureJob, PublishedFile, decode_looks, look_at_pictures
from sitegen.pictures.store import forget_pictures, recipe

__all__ = ["PictureFile", "PictureJob", "PublishedFile", "decode_looks", "forget_pictures", "look_at_pictures", "recipe"]
