"""Somebody as others see them: their picture, their projects, what they did lately."""
