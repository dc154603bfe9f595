"""What people do here: join, complete, write, award. One function is one transaction."""
