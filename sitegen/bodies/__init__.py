"""Bodies of articles become HTML: Markdown, sanitising, figures, links. The only part that knows Markdown."""

from sitegen.bodies.body import Body, render_body
from sitegen.bodies.outline import InspectBlock, blocks_for_inspect

__all__ = ["Body", "InspectBlock", "blocks_for_inspect", "render_body"]
