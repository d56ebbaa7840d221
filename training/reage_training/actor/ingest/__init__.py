"""From a tree of photographs to a book; `run` tells the story."""
