"""What is wrong with an installation as it runs, told in words: `flask doctor`, and the page of health."""
