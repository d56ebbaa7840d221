"""How good models are: measured on people that they never saw, and shown on a page."""
