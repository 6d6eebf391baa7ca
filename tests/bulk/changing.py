"""How these tests change many issues of one project."""

URL = "/projects/WALL/issues"


def issue(client, number):
    return client.get(f"{URL}/{number}")


def change(client, code=200, numbers=(1, 2), **fields):
    return client.patch(URL, {"numbers": list(numbers), **fields}, status=code)
