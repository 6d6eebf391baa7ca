"""What is stored of a token, so that whoever reads the database cannot use it."""

from hashlib import sha256


def of_token(token: str) -> bytes:
    """By what a token is looked up. It is random and long, so that no salt and no slow sum is needed.

    Of whatever somebody sends as one, half a character too.
    """
    return sha256(token.encode(errors="surrogatepass")).digest()
