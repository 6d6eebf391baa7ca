from webapp.http import Feature, Reply
from webapp.http.reply import Sent
from webapp.pictures import service as pictures

bp = Feature("pictures")


@bp.get("/pictures/<filename:signature>/<filename:said>")
def show(signature: str, said: str) -> Reply[bytes]:
    """A picture of another site that a text shows, made small; its address, in hexadecimal, is signed."""
    picture = pictures.get(signature, said)
    return Sent(picture.path, picture.media_type, "picture", etag=picture.etag, inline=True)
