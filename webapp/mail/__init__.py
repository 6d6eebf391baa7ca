"""Mail to people: posted with the change that it tells of, put into words and sent by the worker."""
