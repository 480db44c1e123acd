// Sends requests from the page of the API. Without it the page is for reading. The access token stays in its field: nothing is kept.
'use strict';

const words = document.body.dataset;
const token = document.getElementById('access-token');

/** The address: what stands in braces is filled in, the rest is the query. */
function address(form) {
  const fields = [...form.querySelectorAll('[data-place="path"], [data-place="query"]')];
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const field of fields) {
    if (field.dataset.place === 'path') {
      path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    } else {
      query.set(field.name, field.value);
    }
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The body and its media type; a form names its boundary itself. */
function body(form, headers) {
  const text = form.querySelector('[data-place="body"]');
  if (text) {
    headers.set('Content-Type', 'application/json');
    return text.value;
  }
  const parts = [...form.querySelectorAll('[data-place="part"]')];
  if (parts.length === 0) return undefined;
  const data = new FormData();
  for (const part of parts) {
    if (part.type === 'file') {
      if (part.files.length > 0) data.append(part.name, part.files[0]);
    } else if (part.value !== '') {
      data.append(part.name, part.value);
    }
  }
  return data;
}

/** Shows a line, and below it a text. */
function show(answer, line, text) {
  const status = document.createElement('p');
  const strong = document.createElement('strong');
  strong.textContent = line;
  status.append(strong);
  answer.replaceChildren(status);
  if (text !== undefined) {
    const pre = document.createElement('pre');
    pre.textContent = text;
    answer.append(pre);
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const answer = form.querySelector('.api-answer');
  const headers = new Headers({ Accept: 'application/json' });
  if (token.value.trim() !== '') headers.set('Authorization', `Bearer ${token.value.trim()}`);
  show(answer, words.sending);
  try {
    const sent = { method: form.dataset.method, headers, body: body(form, headers), redirect: 'manual' };
    const response = await fetch(address(form), sent);
    const text = await response.text();
    const wait = response.headers.get('Retry-After');
    const line = [response.status, response.statusText, wait && `Retry-After: ${wait}`].filter(Boolean).join(' ');
    show(answer, line, text === '' ? words.empty : pretty(text));
  } catch {
    show(answer, words.failed);
  }
}

for (const form of document.querySelectorAll('.api-try')) {
  form.hidden = false;
  form.addEventListener('submit', send);
}
const holder = token.closest('form');
holder.hidden = false;
holder.addEventListener('submit', (event) => event.preventDefault());

/** A link to a route opens it. */
function open() {
  const route = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (route instanceof HTMLDetailsElement) route.open = true;
}
addEventListener('hashchange', open);
open();
