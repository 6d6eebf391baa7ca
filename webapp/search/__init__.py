"""Search over all projects that somebody sees, and issues that are like one about to be written."""
