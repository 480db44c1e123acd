const base = '/pkg/VERSION/portaria';
let dead = false;
const changes = [];
const observer = new MutationObserver((records) => changes.push(...records));
observer.observe(document.documentElement, { childList: true, subtree: true });
const later = setTimeout;
const die = (what, error) => {
  if (dead) return;
  dead = true;
  observer.disconnect();
  const message = [what, globalThis.portariaPanic || (error && error.name) || ''].join(' ');
  const body = JSON.stringify({ route: location.pathname, message });
  later(() => fetch('/page-failure', { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => {}), 1000);
};
const isPanic = (error) => error instanceof WebAssembly.RuntimeError;
const again = (event) => {
  if (!(event instanceof Event) || !event.defaultPrevented) return;
  const link = event.type === 'click' && event.target instanceof Element && event.target.closest('a[href]');
  if (link) location.assign(link.href);
  const { target, submitter } = event;
  if (event.type === 'submit') later(() => target.requestSubmit(submitter), 0);
};
const guarded = (work) =>
  function (...given) {
    if (dead) return;
    try {
      return work.apply(this, given);
    } catch (error) {
      if (isPanic(error)) {
        die('panic', error);
        again(given[0]);
      }
      throw error;
    }
  };
for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame']) {
  const original = globalThis[name].bind(globalThis);
  globalThis[name] = (work, ...rest) => original(typeof work === 'function' ? guarded(work) : work, ...rest);
}
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
const known = new WeakMap();
const wrapped = (work) => {
  if (typeof work !== 'function') return work;
  if (!known.has(work)) known.set(work, guarded(work));
  return known.get(work);
};
add.call(window, 'error', (event) => isPanic(event.error) && die('panic', event.error));
add.call(window, 'unhandledrejection', (event) => isPanic(event.reason) && die('panic', event.reason));
const path = () => location.pathname + location.search;
let shown = path();
add.call(window, 'popstate', () => {
  if (dead && path() !== shown) location.reload();
  shown = path();
});
EventTarget.prototype.addEventListener = function (type, work, options) {
  return add.call(this, type, wrapped(work), options);
};
EventTarget.prototype.removeEventListener = function (type, work, options) {
  return remove.call(this, type, wrapped(work), options);
};
const without = (wake) => {
  changes.push(...observer.takeRecords());
  observer.disconnect();
  for (const { target, addedNodes, removedNodes, nextSibling } of [...changes].reverse()) {
    for (const node of addedNodes) if (node.parentNode === target) target.removeChild(node);
    const next = nextSibling && nextSibling.parentNode === target ? nextSibling : null;
    for (const node of removedNodes) target.insertBefore(node, next);
  }
  const ours = new Set(changes.flatMap((change) => [...change.removedNodes]));
  try {
    wake();
  } finally {
    for (const { target, addedNodes, nextSibling } of changes) {
      const next = nextSibling && nextSibling.parentNode === target ? nextSibling : null;
      for (const node of addedNodes) if (!ours.has(node) && target.isConnected) target.insertBefore(node, next);
    }
  }
};
import(`${base}.js`)
  .then((page) => page.default({ module_or_path: `${base}.wasm` }).then(() => without(() => page.hydrate())))
  .catch((error) => die(isPanic(error) ? 'panic' : 'waking', error));
