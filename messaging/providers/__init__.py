from messaging.providers import ycloud

_BY_NAME = {"ycloud": ycloud}


def of(channel):
    """The module that speaks the channel's provider: parse, verify, send_text, send_buttons, typing."""
    return _BY_NAME[channel.provider]
