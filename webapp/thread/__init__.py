"""What an issue's page tells below its description: comments and events in one order."""
