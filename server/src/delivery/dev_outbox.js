// Copies codes, and takes new messages into the page of captured messages without loading it anew. Without this script the page shows
// the same, as it was when it was loaded.

const EVERY = 2000;
const said = document.getElementById("said");
const say = (words) => {
  said.textContent = words;
};

function offerCopies() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = !navigator.clipboard;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  say(document.body.dataset.copied);
});

// Puts a part of the newer page in the place of ours, if it differs, and gives the focus back to where it was.
function take(newer, id) {
  const [ours, theirs] = [document.getElementById(id), newer.getElementById(id)];
  if (!theirs || ours.innerHTML === theirs.innerHTML) return false;
  const [focused, top] = [document.activeElement?.id, ours.firstElementChild?.scrollTop ?? 0];
  ours.replaceChildren(...theirs.childNodes);
  if (ours.firstElementChild) ours.firstElementChild.scrollTop = top;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return true;
}

// What the server sent, before anything was shown or hidden here.
let known = null;

async function look() {
  if (document.hidden) return;
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const text = await response.text();
  if (known !== null && text !== known) {
    const newer = new DOMParser().parseFromString(text, "text/html");
    const isNew = take(newer, "list");
    // A message that somebody chose to read stays.
    if (isNew && !("chosen" in document.body.dataset)) {
      take(newer, "message");
      offerCopies();
    }
    if (isNew) say(document.body.dataset.new);
  }
  known = text;
}

offerCopies();
look();
setInterval(look, EVERY);
