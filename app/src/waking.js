{
  const base = '/pkg/VERSION/portaria';
  const later = setTimeout;
  const page = () => location.pathname + location.search;
  let dead = false;
  let shown = '';
  const die = (what, error) => {
    if (dead) return;
    dead = true;
    shown = page();
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
  for (const name of ['setTimeout', 'setInterval']) {
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
  EventTarget.prototype.addEventListener = function (type, work, options) {
    return add.call(this, type, wrapped(work), options);
  };
  EventTarget.prototype.removeEventListener = function (type, work, options) {
    return remove.call(this, type, wrapped(work), options);
  };
  add.call(window, 'error', (event) => isPanic(event.error) && die('panic', event.error));
  add.call(window, 'unhandledrejection', (event) => isPanic(event.reason) && die('panic', event.reason));
  add.call(window, 'popstate', () => dead && page() !== shown && location.reload());
  const painted = new Promise((done) => {
    const frame = () => (document.hidden ? done() : requestAnimationFrame(() => later(done)));
    document.readyState === 'loading' ? add.call(document, 'DOMContentLoaded', frame) : frame();
  });
  const turn = document.currentScript?.src ? painted : Promise.resolve();
  const wasm = turn.then(() => fetch(`${base}.wasm`, { priority: 'low' })).then((answer) => WebAssembly.compileStreaming(answer));
  wasm.catch(() => {});
  const live = turn.then(() => import(`${base}.js`));
  const pause = () => new Promise((done) => later(done));
  Promise.all([live, painted])
    .then(([live]) => live.default({ module_or_path: wasm }).then(pause).then(() => live.start()))
    .catch((error) => die(isPanic(error) ? 'panic' : 'waking', error));
}
