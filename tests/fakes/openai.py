"""A model on loopback: speaks chat completions with tool calls as it is told to, hears recordings, and fails as it is
told to.

The openai client talks HTTP to it, so what leaves the product is what would leave it.
"""
import json
from collections import deque
from email import message_from_bytes

from tests.fakes import serving


def call(name, **arguments):
    """One tool call; `raw=` sends the arguments as they are."""
    text = arguments["raw"] if "raw" in arguments else json.dumps(arguments)
    return {"role": "assistant", "content": None, "tool_calls": [
        {"id": f"call_{name}", "type": "function", "function": {"name": name, "arguments": text}}]}  # fmt: skip


def say(text):
    return {"role": "assistant", "content": text}


def last_result(body):
    """What the last tool answered, as the model reads it."""
    return json.loads(next(one["content"] for one in reversed(body["messages"]) if one["role"] == "tool"))


class Model(serving.Server):
    """`script` holds what to answer, in order: a message (`say`, `call`), a function of the request that returns one,
    an HTTP status or a pair of it and the code of its error, "hang", "cut" (the connection closes) or "nonsense". Past
    its end it says `otherwise`.

    `voices` holds what is heard in the next recordings, in the same way: a text, a status, "hang", "cut", "nonsense";
    past its end each says `voice`. `heard` are the forms that came: their fields, and the file's name, type and bytes.
    """

    voice = "Hola, ¿tienen turno para una limpieza?"

    def __init__(self, *script, otherwise="¿En qué te ayudo?"):
        self.script, self.otherwise, self.asked = deque(script), say(otherwise), []
        self.voices, self.heard, self.keys = deque(), [], []
        super().__init__(_Handler)

    @property
    def base(self):
        return f"{self.origin}/v1"

    def then(self, *script):
        self.script.extend(script)


class _Handler(serving.Handler):
    fake: Model

    def do_POST(self):
        raw = self.read() or b"{}"
        self.fake.keys.append(self.headers.get("Authorization"))
        if self.path.endswith("/audio/transcriptions"):
            return self._hear(raw)
        return self._chat(json.loads(raw))

    def _chat(self, body):
        self.fake.asked.append(body)
        step = self.fake.script.popleft() if self.fake.script else self.fake.otherwise
        step = step(body) if callable(step) else step
        if step == "hang":
            self.fake.open.wait(30)
            return
        if step == "cut":
            return
        if isinstance(step, int | tuple):
            status, code = step if isinstance(step, tuple) else (step, None)
            said = f"no, {self.headers.get('Authorization')}"  # as OpenAI quotes a key that it refuses
            self.say(status, {"error": {"message": said, "type": "server_error", "code": code, "param": None}})
        elif step == "nonsense":
            self.say(200, {"choices": []})
        else:
            self.say(200, self._completion(body, step))

    def _hear(self, raw):
        self.fake.heard.append(_form(self.headers["Content-Type"], raw))
        step = self.fake.voices.popleft() if self.fake.voices else self.fake.voice
        if step == "hang":
            self.fake.open.wait(30)
        elif step == "nonsense":
            self.say(200, ["?"])
        elif isinstance(step, int):
            self.say(step, {"error": {"message": "no", "type": "server_error", "code": None, "param": None}})
        elif step != "cut":
            self.say(200, {"text": step})

    def _completion(self, body, message):
        reason = "tool_calls" if message.get("tool_calls") else "stop"
        return {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100},
        }  # fmt: skip


def _form(kind, raw):
    """A multipart form as a dict; the file as `(name, type, bytes)`, what came several times as a list."""
    found = {}
    for part in message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + raw).get_payload():
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if part.get_filename():
            found[name] = (part.get_filename(), part.get_content_type(), content)
        elif name.endswith("[]"):
            found.setdefault(name, []).append(content.decode())
        else:
            found[name] = content.decode()
    return found
