"""The double: an invented person with an actor's head, skin and wrinkles."""
