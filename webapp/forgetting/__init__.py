"""Former texts that are forgotten for good, with all that quotes them."""
