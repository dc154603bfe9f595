"""Where everything is kept: the only floor that speaks Peewee; rows never leave it."""
