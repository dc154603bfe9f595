"""Course folders: YAML and Markdown in, one checked and compiled edition out.

Nothing is imported here: pages read compiled editions (`edition`) without loading what reads folders.
"""
