"""What an article is about, beyond the tags it was given: the places it names."""
