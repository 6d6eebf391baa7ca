"""What is done after a change and not in it: jobs, written in its transaction, and the worker that does them."""
