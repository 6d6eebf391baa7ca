"""How a project moves, day by day: charts of what came and went, from tallies that the database keeps."""
