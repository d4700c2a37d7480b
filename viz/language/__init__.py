"""In which language a reader is told something: catalogues, names by their official words."""
