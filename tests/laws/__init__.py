"""Random walks that hold builds to their laws: what they draw from, what they check, the steps, and how they are walked."""
