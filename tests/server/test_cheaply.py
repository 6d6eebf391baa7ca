"""The one thing that a server of tests does otherwise."""


def test_a_password_costs_next_to_nothing(server, ada):
    [stored] = server.rows("SELECT password_hash FROM users WHERE email = %s", ada.email)
    assert "$2b$04$" in stored
