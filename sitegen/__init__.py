"""sitegen: a static site generator for archives of news articles."""
