"""The rules, pure: what is open, what is done, what has been earned."""
