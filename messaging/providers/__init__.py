from messaging.providers import meta, ycloud

_BY_NAME = {"ycloud": ycloud, "meta": meta}


def of(channel):
    """The slice that speaks the channel's provider; its verbs are listed in base.py."""
    return _BY_NAME[channel.provider]
