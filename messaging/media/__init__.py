"""Files that come and go with messages. A verb each:

    expect(message)                  the row and the job of a file that a provider announced, with the message's row
    prepare(messages)                before a turn: fetch and hear what is missing, for a while; `message.file` is set
    with_files(messages)             for screens: the same, of what there is, in one query
    attach(upload=, by=)             a file that staff send -> MediaFile; raises a refusal
    bind(file=, message=)            it goes out with that message (outbox.say_media)
    content(file)                    its bytes, for a provider's send_media
    revoke(message)                  its sender deleted it: so are the bytes
    link(file, actor)                a short signed link; `file.address` is what a page holds, and leads there
    seen(actor)                      the files that a person may see
"""
from messaging.media.incoming import expect, prepare, revoke, with_files
from messaging.media.links import link
from messaging.media.outgoing import attach, bind
from messaging.media.seeing import seen
from messaging.media.storing import content

__all__ = ["attach", "bind", "content", "expect", "link", "prepare", "revoke", "seen", "with_files"]
