"""The engine for raw news text: lines get roles by scored evidence, and a record is assembled from the roles.

A layout module (such as `sitegen.readers.aggregator`) finds its articles and the lines that frame them; all that is
the same in every layout is here.
"""
