"""From values to pages and paper: Jinja for web, mail and print, WeasyPrint in a process of its own."""
