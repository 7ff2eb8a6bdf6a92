// Talking to the sandbox behind the page.

// Problem is an answer that says no; kind is Slack's word when the app did not answer.
export class Problem extends Error {
  constructor(answer) {
    super(answer.message || "The sandbox did not answer.");
    this.kind = answer.kind || "refused";
    this.what = answer.what || "";
  }
}

async function read(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer);
  return answer;
}

async function call(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Problem({ kind: "offline", message: "The sandbox is not running. Start it again and this page comes back." });
  }
  return read(response);
}

// get reads something of the sandbox.
export function get(what, query = {}) {
  return call(`/ui/${what}?${new URLSearchParams(query)}`);
}

// post does something in the sandbox.
export function post(what, body) {
  return call(`/ui/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

// upload adds a file as a person.
export function upload(user, file) {
  return call(`/ui/upload?${new URLSearchParams({ user, name: file.name })}`, { method: "POST", body: file });
}

// sendPhoto sends a photo from a phone, with words or without.
export function sendPhoto(from, body, file) {
  return call(`/ui/phones/photo?${new URLSearchParams({ from, body })}`, { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file });
}

// photoURL is where the page reads a photo that was sent from a phone.
export function photoURL(message, media) {
  return `/ui/phones/photos/${encodeURIComponent(message)}/${encodeURIComponent(media)}`;
}

// listen calls onChange for every change, and onOpen whenever the stream (re)opens: then everything may be new.
export function listen(onChange, onOpen, onLost) {
  const stream = new EventSource("/ui/events");
  stream.onmessage = (e) => onChange(JSON.parse(e.data));
  stream.onopen = onOpen;
  stream.onerror = onLost;
  return stream;
}

// fileURL is where the page reads a Slack file.
export function fileURL(file) {
  return `/ui/files/${encodeURIComponent(file.id)}/${encodeURIComponent(file.name || file.title || "file")}`;
}
