"""A model of one actor: adapters, what they learn from, what they are judged by."""
