"""How good a model of one actor is: measured on what it has not seen, and shown on one page."""
