"""Whole small sites with the output that they must give: a difference is reviewed like code."""
