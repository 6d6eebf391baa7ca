"""Many issues changed at once, as pages and JSON have it: the engine is webapp/changes/."""
