"""What a form offers to choose from, and how the rest is found: people, labels and milestones of a project."""
