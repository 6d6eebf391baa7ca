"""Finding issues: what can be asked, what a query means, the lists that answer, and how a page shows them."""
