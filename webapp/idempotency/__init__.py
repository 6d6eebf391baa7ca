"""A request that comes twice, by a double click or a retry, is carried out once."""
