"""The engine as another program's servant: worker, its client, previews."""
