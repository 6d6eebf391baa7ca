"""Personal access tokens: a program asks in somebody's name, without their password."""
