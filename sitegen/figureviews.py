"""Figures as pages show them: what the article says of a picture, and else what the picture file says."""

from __future__ import annotations

from sitegen.contexts import FigureView, Picture
from sitegen.records import Figure


def is_local(figure: Figure) -> bool:
    """Whether a figure's picture is a file of the archive."""
    return bool(figure.file) and not (figure.file or "").startswith(("http://", "https://"))


def view_of(figure: Figure, picture: Picture | None) -> FigureView:
    """A figure with its picture's files in the output; `picture` is None where there are none."""
    remote = "" if is_local(figure) else figure.file or ""
    if picture is None or not picture.told_by:
        return FigureView(caption=figure.caption, credit=figure.credit, alt=figure.alt, remote=remote, picture=picture)
    shown = FigureView(caption=figure.caption or picture.caption, credit=figure.credit or picture.credit,
                       alt=figure.alt or picture.alt, picture=picture)  # fmt: skip
    filled = (shown.caption, shown.credit) != (figure.caption, figure.credit)
    return FigureView(caption=shown.caption, credit=shown.credit, alt=shown.alt, picture=picture,
                      told_by=picture.told_by if filled else "")  # fmt: skip
